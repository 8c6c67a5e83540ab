// How far a pass that is started by hand looks back: --since.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/text/timestamp.hh"

namespace connector {

/// A point in time, or a duration before now.
struct LookBack {
  std::optional<Timestamp> at;
  std::chrono::milliseconds over{};  ///< without `at`
};

/// Reads "2026-01-31T12:00:00Z", "36h" or "7d". Nothing for anything else.
std::optional<LookBack> parse_look_back(std::string_view text);

/// Where it begins; `now` is Buildkite's clock.
Timestamp start_of(const LookBack& look_back, Timestamp now);

}  // namespace connector
