#include "report/console.hh"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace connector::report {
namespace {

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

/// Asked each time, since windows change their size. 0 when it is not known.
unsigned columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// A job in the background would draw into what somebody types, and with "stty tostop" be stopped for it.
bool in_background() {
  const pid_t foreground = ::tcgetpgrp(STDERR_FILENO);
  return foreground >= 0 && foreground != ::getpgrp();
}

}  // namespace

Console::Console(const Look& look) : has_progress_(look.progress), progress_(now()) {}

void Console::write(std::string_view lines) {
  stream_.write(progress_.erase().append(lines));
}

bool Console::wants_progress() const {
  return has_progress_ && progress_.due(now()) && !in_background();
}

void Console::draw_progress(const Standing& standing) {
  stream_.write_if_ready(progress_.draw(standing, columns(), now()));
}

void Console::erase_progress() {
  stream_.write_if_ready(progress_.erase());
}

}  // namespace connector::report
