#include "http/stop_signal.hh"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include "core/error.hh"

namespace connector::http {
namespace {

// A signal handler has no other way to its data.
std::atomic<StopSignal*> current{nullptr};
static_assert(std::atomic<StopSignal*>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler must not wait for a lock");

[[noreturn]] void fail(const char* what) {
  throw Error(ExitStatus::software, std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

StopSignal::StopSignal() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("no pipe for signals");
  read_end_ = ends[0];
  write_end_ = ends[1];
  current.store(this);

  // Without SA_RESTART, so that waiting for a lock ends too.
  struct sigaction catching {};
  catching.sa_handler = &StopSignal::on_signal;
  sigemptyset(&catching.sa_mask);
  struct sigaction ignoring {};
  ignoring.sa_handler = SIG_IGN;
  sigemptyset(&ignoring.sa_mask);
  // sigaction fails only for numbers that are no signals.
  sigaction(SIGINT, &catching, &previous_int_);
  sigaction(SIGTERM, &catching, &previous_term_);
  sigaction(SIGPIPE, &ignoring, &previous_pipe_);
}

StopSignal::~StopSignal() {
  sigaction(SIGINT, &previous_int_, nullptr);
  sigaction(SIGTERM, &previous_term_, nullptr);
  sigaction(SIGPIPE, &previous_pipe_, nullptr);
  current.store(nullptr);
  close(read_end_);
  close(write_end_);
}

void StopSignal::on_signal(int number) noexcept {
  const int saved_errno = errno;
  if (StopSignal* const stop = current.load()) stop->note(number);
  errno = saved_errno;
}

void StopSignal::note(int number) noexcept {
  int none = 0;
  if (!first_.compare_exchange_strong(none, number)) return;
  const char byte = 0;
  // Nothing can be done about a failure here, and whoever waits looks at the flag before long anyway.
  [[maybe_unused]] const ssize_t written = write(write_end_, &byte, 1);
}

std::optional<int> StopSignal::received() const noexcept {
  const int number = first_.load();
  return number == 0 ? std::nullopt : std::optional<int>(number);
}

}  // namespace connector::http
