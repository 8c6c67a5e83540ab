// SIGINT and SIGTERM as something a pass can ask about and wait on, instead of an end in the middle of
// things.
#pragma once

#include <atomic>
#include <csignal>
#include <optional>

namespace connector::http {

/// While it lives, SIGINT and SIGTERM are caught (which also makes them work for process 1 of a container)
/// and SIGPIPE is ignored, as libcurl asks of its users; afterwards everything is as before. At most one at a
/// time.
class StopSignal {
 public:
  /// Throws Error (software) when the handlers cannot be installed.
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// SIGINT or SIGTERM, whichever came first.
  [[nodiscard]] std::optional<int> received() const noexcept;
  [[nodiscard]] bool requested() const noexcept { return received().has_value(); }
  /// Becomes and stays readable with the first signal: wakes a poll at once.
  [[nodiscard]] int descriptor() const noexcept { return read_end_; }

 private:
  static void on_signal(int number) noexcept;
  void note(int number) noexcept;

  std::atomic<int> first_{0};
  int read_end_ = -1;
  int write_end_ = -1;
  struct sigaction previous_int_ {};
  struct sigaction previous_term_ {};
  struct sigaction previous_pipe_ {};
};

}  // namespace connector::http
