// A program run by a person at a terminal: its streams are a pseudo terminal, which it also gets its signals
// from.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/process.hh"

namespace connector::support {

class Terminal {
 public:
  /// Starts `argv[0]` (a path) with exactly this environment in a window of 80 columns. Throws
  /// std::system_error.
  Terminal(const std::vector<std::string>& argv, const Environment& environment);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  /// Waits until the program has written this, escape sequences and all; false if it ends before, or
  /// something takes very long.
  bool waits_for(const std::string& text);
  /// Presses Ctrl-C.
  void interrupt();
  /// Waits for the end, and returns the exit status; -1 when a signal or our patience ended it.
  int finish();

  /// All that was written.
  [[nodiscard]] const std::string& written() const noexcept { return written_; }
  /// What a person sees of that: the lines of the window, without colours.
  [[nodiscard]] std::string seen() const;

 private:
  /// Reads what comes next; false when nothing does any more.
  bool read_some();

  std::chrono::steady_clock::time_point patience_;
  int keyboard_ = -1;
  pid_t pid_ = -1;
  std::string written_;
};

}  // namespace connector::support
