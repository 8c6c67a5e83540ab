// Points in time as the two APIs write them. Always UTC; always Buildkite's clock unless a name says
// otherwise.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads a time of Buildkite's REST answers: RFC 3339 with or without fraction and with any offset, and the
/// older form "2013-09-03 13:24:38 UTC". Nothing for anything else, impossible dates and years (in UTC) of
/// other than four digits included. A leap second counts as the second before it.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// Reads the IMF-fixdate form of an HTTP date ("Sun, 06 Nov 1994 08:49:37 GMT"), the one servers must send
/// (RFC 9110).
std::optional<Timestamp> parse_http_date(std::string_view text);

/// Whether a clock may show this time, or a build have been created then: neither before Buildkite existed
/// (2013) nor centuries ahead (3000). A broken clock must not move what a state remembers to times from which
/// it does not come back.
bool is_conceivable(Timestamp time);

/// "2026-01-31T23:59:59.123Z"; the form of the state file and of messages.
std::string format_timestamp(Timestamp time);

/// "2026-01-31T23:59:59Z", rounded down: the form sent in Buildkite's query parameters, whose handling of
/// milliseconds is not documented.
std::string format_seconds(Timestamp time);

}  // namespace connector
