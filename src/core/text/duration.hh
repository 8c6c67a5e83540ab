// Durations: the one parser for options, configuration and environment, and the one way to put them in words.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

/// Reads "90s", "15m", "36h", "7d", sums such as "1h30m", and "500ms"; a bare number counts in `bare_unit`.
/// Nothing for signs, fractions, blanks, unknown units or anything over 10 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                        std::chrono::milliseconds bare_unit);

/// The shortest text that parse_duration reads back: "15m", "7d", "1h30m", "0s".
std::string format_duration(std::chrono::milliseconds duration);

/// For a person, at most two units: "3 min 12 s", "2 h 5 min", "41 s".
std::string duration_in_words(std::chrono::milliseconds duration);

/// In seconds with three decimals, "0.250"; for machines.
std::string seconds_text(std::chrono::milliseconds duration);

}  // namespace connector
