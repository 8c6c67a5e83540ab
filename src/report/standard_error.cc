#include "report/standard_error.hh"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace connector::report {
namespace {

constexpr int patience_ms = 5000;

bool takes_more(int within_ms) {
  pollfd stream = {STDERR_FILENO, POLLOUT, 0};
  int ready = 0;
  do {
    ready = ::poll(&stream, 1, within_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

void StandardError::write(std::string_view text) {
  while (!text.empty() && !stuck_) {
    // A pipe that polls as writable takes this much without blocking (pipe(7)).
    const std::size_t size = std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t written = takes_more(patience_ms) ? ::write(STDERR_FILENO, text.data(), size) : 0;
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) stuck_ = true;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void StandardError::write_if_ready(std::string_view text) {
  if (!text.empty() && takes_more(0)) write(text);
}

}  // namespace connector::report
