#include "benchmark/launcher.hh"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace connector::benchmark {
namespace {

/// What the small process answers; plain numbers, since it is sent as it lies in memory.
struct Account {
  int spawn_error = 0;
  int status = 0;
  std::chrono::steady_clock::rep begun = 0;
  std::chrono::steady_clock::rep ended = 0;
  rusage used{};
};

/// The words of an order: output, argv, environment; each ends with NUL, each list with an empty word.
struct Order {
  const char* output = nullptr;
  std::vector<char*> argv;
  std::vector<char*> environment;
};

Order taken_apart(std::string& words) {
  Order order;
  char* at = words.data();
  const auto next = [&] {
    char* const word = at;
    at += std::string_view(word).size() + 1;
    return word;
  };
  order.output = next();
  for (auto* list : {&order.argv, &order.environment}) {
    for (char* word = next(); *word != '\0'; word = next()) list->push_back(word);
    list->push_back(nullptr);
  }
  return order;
}

Account carry_out(std::string words) {
  const Order order = taken_apart(words);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, order.output, O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
  Account account;
  pid_t child = -1;
  account.begun = now();
  account.spawn_error =
      posix_spawn(&child, order.argv[0], &actions, nullptr, order.argv.data(), order.environment.data());
  if (account.spawn_error == 0) {
    while (wait4(child, &account.status, 0, &account.used) < 0 && errno == EINTR) {
    }
  }
  account.ended = now();
  posix_spawn_file_actions_destroy(&actions);
  return account;
}

/// The life of the small process: orders until nobody is there to give them.
[[noreturn]] void serve(int socket) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t length = recv(socket, buffer.data(), buffer.size(), 0);
    if (length <= 0) _exit(0);
    const Account account = carry_out({buffer.data(), static_cast<std::size_t>(length)});
    if (send(socket, &account, sizeof account, MSG_NOSIGNAL) < 0) _exit(1);
  }
}

Microseconds microseconds(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + Microseconds{time.tv_usec};
}

}  // namespace

Launcher::Launcher() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  pid_ = fork();
  if (pid_ == 0) {
    close(ends[0]);
    serve(ends[1]);
  }
  close(ends[1]);
  socket_ = ends[0];
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
}

Launcher::~Launcher() {
  close(socket_);
  waitpid(pid_, nullptr, 0);
}

Launched Launcher::run(const std::vector<std::string>& argv, const support::Environment& environment,
                       const std::string& output) {
  std::string words = output + '\0';
  for (const std::string& word : argv) words += word + '\0';
  words += '\0';
  for (const auto& [name, value] : environment) words.append(name).append("=").append(value) += '\0';
  words += '\0';
  Account account;
  if (send(socket_, words.data(), words.size(), MSG_NOSIGNAL) < 0 ||
      recv(socket_, &account, sizeof account, 0) != sizeof account) {
    throw std::runtime_error("the process that starts programs is gone");
  }
  if (account.spawn_error != 0) {
    throw std::system_error(account.spawn_error, std::generic_category(), argv.at(0));
  }
  using Clock = std::chrono::steady_clock;
  Launched launched;
  launched.exit_status = WIFEXITED(account.status) ? WEXITSTATUS(account.status) : -1;
  launched.begun = Clock::time_point(Clock::duration(account.begun));
  launched.sample.wall =
      std::chrono::duration_cast<Microseconds>(Clock::duration(account.ended - account.begun));
  launched.sample.cpu = microseconds(account.used.ru_utime) + microseconds(account.used.ru_stime);
  launched.sample.peak_kib = account.used.ru_maxrss;
  return launched;
}

}  // namespace connector::benchmark
