// Buildkite's request quota: what is left of it and what may be spent on work that can wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace connector {

/// One bucket, as the answers' headers tell (Buildkite REST: rate limits).
struct RateLimit {
  std::optional<std::int64_t> remaining;
  std::optional<std::int64_t> limit;
  std::optional<std::chrono::seconds> reset;  ///< until the bucket is full again
  bool operator==(const RateLimit&) const = default;
};

/// RateLimit-* counts all users of the organization, RateLimit-User-* our own user.
struct Quota {
  RateLimit organization;
  RateLimit user;
  bool operator==(const Quota&) const = default;
};

/// Whether gaps, sweeps and re-reads may spend another request: more than 40 % of the user's quota and more
/// than half of the organization's is left. What is unknown does not forbid.
bool allows_spare_work(const Quota& quota);

/// Whether more than `reserved` requests are left: due work stops at the last ones, so that gap, sweep and
/// re-reads get at least one each in every pass. What is unknown does not forbid.
bool leaves_requests(const Quota& quota, std::int64_t reserved);

}  // namespace connector
