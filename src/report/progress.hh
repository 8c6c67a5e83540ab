// How far a long pass has come: one line on a terminal, redrawn in place. Times are given and texts returned,
// so that it needs neither a clock nor a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector::report {

/// What a server that is busy, or whose rate limit is used up, asks of the pass.
struct Wait {
  std::string_view server;
  std::chrono::milliseconds left{0};
};

struct Standing {
  std::uint64_t builds = 0;  ///< listed so far
  std::uint64_t posted = 0;  ///< statuses
  std::uint64_t left = 0;    ///< statuses that are still to be posted
  std::optional<Wait> wait;
};

/// The line, for a terminal with so many columns (0: unknown). It leaves the last one free, since after a
/// character there some terminals go on in the next line.
std::string line_of(const Standing& standing, unsigned columns);

class Progress {
 public:
  explicit Progress(std::chrono::milliseconds start) : start_(start) {}

  /// Whether the line may be drawn: not in the first seconds, and not more than five times a second.
  [[nodiscard]] bool due(std::chrono::milliseconds now) const;

  /// What to write so that the line stands there instead of the one drawn before; nothing if they are the
  /// same.
  std::string draw(const Standing& standing, unsigned columns, std::chrono::milliseconds now);

  /// What to write so that nothing of the line is left; nothing if there is none.
  std::string erase();

 private:
  std::chrono::milliseconds start_;
  std::optional<std::chrono::milliseconds> drawn_at_;
  std::string shown_;
};

}  // namespace connector::report
