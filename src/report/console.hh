// Standard error during a pass: messages and, on a terminal, the line that tells how far the pass has come.
#pragma once

#include <string_view>

#include "report/look.hh"
#include "report/progress.hh"
#include "report/standard_error.hh"

namespace connector::report {

class Console {
 public:
  explicit Console(const Look& look);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console() { erase_progress(); }

  /// Writes whole lines. Progress makes room for them.
  void write(std::string_view lines);

  /// Whether somebody watches who is to be told what a long wait is for.
  [[nodiscard]] bool is_watched() const noexcept { return has_progress_; }
  /// Whether the standing should be told now.
  [[nodiscard]] bool wants_progress() const;
  void draw_progress(const Standing& standing);
  /// To be called before anything else is written to the terminal.
  void erase_progress();

 private:
  bool has_progress_;
  Progress progress_;
  StandardError stream_;
};

}  // namespace connector::report
