// What a peer says about its rate limits and about waiting, read from header values and the body of a 429.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/peer/quota.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// The longest wait that is taken at its word; whatever exceeds it counts as this.
constexpr std::chrono::seconds longest_hint{24 * 60 * 60};

/// Reads Retry-After: seconds, or an HTTP date (RFC 9110), which counts from `answered_at`, the answer's own
/// Date, so that the local clock has no say. A past date is zero; anything else is nothing.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::optional<Timestamp> answered_at);

/// Reads the values of one RateLimit-Remaining, -Limit, -Reset triple; what is absent or no number stays
/// empty.
RateLimit parse_rate_limit(std::string_view remaining, std::string_view limit, std::string_view reset);

/// How long until every bucket with nothing left is full again; nothing when none is empty or no reset is
/// known.
std::optional<std::chrono::seconds> wait_for_refill(const Quota& quota);

/// How long a 429 of Buildkite asks us to wait: the reset of the bucket that its body names as "scope" and of
/// every empty bucket, else the body's own "reset", else the larger reset of both buckets (Buildkite REST:
/// rate limits).
std::optional<std::chrono::seconds> wait_asked_for(const Quota& quota, std::string_view body);

}  // namespace connector
