#include "support/terminal.hh"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace connector::support {
namespace {

using std::chrono::steady_clock;

void check(bool fine, const char* what) {
  if (!fine) throw std::system_error(errno, std::generic_category(), what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// In a session of its own, whose controlling terminal is the one that is opened first.
pid_t start_on(const char* terminal, std::vector<std::string> argv, const Environment& environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + '=' + value);
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO);
  pid_t pid = -1;
  errno = posix_spawn(&pid, argv.at(0).c_str(), &actions, &attributes, pointers(argv).data(),
                      pointers(variables).data());
  const bool fine = errno == 0;
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  check(fine, "posix_spawn");
  return pid;
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& argv, const Environment& environment)
    : patience_(steady_clock::now() + std::chrono::seconds{60}),
      keyboard_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  check(keyboard_ >= 0 && grantpt(keyboard_) == 0 && unlockpt(keyboard_) == 0, "posix_openpt");
  const winsize window = {24, 80, 0, 0};
  check(ioctl(keyboard_, TIOCSWINSZ, &window) == 0, "TIOCSWINSZ");
  std::array<char, 128> name{};
  check(ptsname_r(keyboard_, name.data(), name.size()) == 0, "ptsname_r");
  pid_ = start_on(name.data(), argv, environment);
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(keyboard_);
}

bool Terminal::read_some() {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience_ - steady_clock::now()).count();
  pollfd screen = {keyboard_, POLLIN, 0};
  if (left <= 0 || poll(&screen, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 4096> buffer{};
  const ssize_t count = read(keyboard_, buffer.data(), buffer.size());
  if (count <= 0) return false;  // EIO when nobody has the terminal open any more
  written_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

bool Terminal::waits_for(const std::string& text) {
  while (written_.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void Terminal::interrupt() {
  constexpr char ctrl_c = '\x03';
  check(write(keyboard_, &ctrl_c, 1) == 1, "write");
}

int Terminal::finish() {
  while (read_some()) {
  }
  if (steady_clock::now() >= patience_) kill(pid_, SIGKILL);
  int status = 0;
  check(waitpid(pid_, &status, 0) == pid_, "waitpid");
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string Terminal::seen() const {
  std::string lines;
  std::string line;
  std::size_t column = 0;
  for (std::size_t i = 0; i < written_.size(); ++i) {
    const char c = written_[i];
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      lines += line + "\n";
      line.clear();
    } else if (c == '\x1b') {
      i = std::min(written_.find_first_of("Km", i), written_.size() - 1);
      if (written_[i] == 'K') line.resize(column);
    } else {
      line.resize(std::max(line.size(), column + 1), ' ');
      line[column++] = c;
    }
  }
  return lines + line;
}

}  // namespace connector::support
