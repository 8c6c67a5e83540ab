// Warnings about conditions that last: each is printed once in 24 hours, however often a pass runs.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "core/text/timestamp.hh"

namespace connector::pass {

class StandingWarnings {
 public:
  /// `warned` is the part of the saved state that remembers when each was printed; `now` is Buildkite's
  /// clock.
  StandingWarnings(std::map<std::string, Timestamp>& warned, Timestamp now) : warned_(warned), now_(now) {}

  static constexpr std::chrono::hours usual_pause{24};

  /// Whether the warning of this name is due; it counts as printed from then on.
  bool due(const std::string& name, std::chrono::hours pause = usual_pause);

 private:
  std::map<std::string, Timestamp>& warned_;
  Timestamp now_;
};

}  // namespace connector::pass
