#include "support/process.hh"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

namespace connector::support {

namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// What is done to the descriptors of the child between its birth and the start of the program.
class FileActions {
 public:
  FileActions() { check(posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init"); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  void read_from(int fd, const char* path) {
    check(posix_spawn_file_actions_addopen(&actions_, fd, path, O_RDONLY, 0), path);
  }
  void use(int fd, int as) { check(posix_spawn_file_actions_adddup2(&actions_, fd, as), "dup2"); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

void Process::Descriptor::reset(int fd) noexcept {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

Process::Process(const std::vector<std::string>& argv, const Environment& environment) {
  std::array<std::array<int, 2>, 2> pipes{};
  Descriptor child_out;
  Descriptor child_err;
  check(pipe2(pipes[0].data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  out_.reset(pipes[0][0]);
  child_out.reset(pipes[0][1]);
  check(pipe2(pipes[1].data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  err_.reset(pipes[1][0]);
  child_err.reset(pipes[1][1]);

  FileActions actions;
  actions.read_from(STDIN_FILENO, "/dev/null");
  actions.use(child_out.get(), STDOUT_FILENO);
  actions.use(child_err.get(), STDERR_FILENO);
  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + '=' + value);
  check(posix_spawn(&pid_, argv.at(0).c_str(), actions.get(), nullptr, pointers(arguments).data(),
                    pointers(variables).data()),
        argv.at(0));
}

Process::~Process() {
  if (reaped_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::send_signal(int signal) const {
  if (!reaped_) check(kill(pid_, signal) == 0 ? 0 : errno, "kill");
}

void Process::read_some(Descriptor& from, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t count = read(from.get(), buffer.data(), buffer.size());
  if (count > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    from.reset();
  }
}

bool Process::reap(ProcessResult& result, int options) {
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, options);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
  check(ended < 0 ? errno : 0, "waitpid");
  reaped_ = true;
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.dumped_core = WIFSIGNALED(status) && WCOREDUMP(status);
  return true;
}

ProcessResult Process::wait(std::chrono::milliseconds limit) {
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + limit;
  ProcessResult result;
  while (out_.get() >= 0 || err_.get() >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) break;
    std::array<pollfd, 2> streams = {{{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}}};
    if (poll(streams.data(), streams.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      check(errno, "poll");
    if (streams[0].revents != 0) read_some(out_, result.out);
    if (streams[1].revents != 0) read_some(err_, result.err);
  }
  // A program may close its streams before it ends.
  while (!reap(result, WNOHANG)) {
    if (steady_clock::now() >= end) {
      result.timed_out = true;
      send_signal(SIGKILL);
      while (!reap(result, 0)) {
      }
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return result;
}

ProcessResult run_process(const std::vector<std::string>& argv, const Environment& environment,
                          std::chrono::milliseconds limit) {
  return Process(argv, environment).wait(limit);
}

}  // namespace connector::support
