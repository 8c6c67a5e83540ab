// What an answer says about its peer beside the matter itself: the peer's clock, its quota, the wait it asks
// for.
#pragma once

#include <chrono>
#include <optional>

#include "core/peer/quota.hh"
#include "core/text/timestamp.hh"
#include "http/request.hh"

namespace connector::http {

/// The answer's Date header.
std::optional<Timestamp> date_of(const Response& response);

/// The answer's RateLimit-* and RateLimit-User-* headers; nothing when it has none of them.
std::optional<Quota> quota_of(const Response& response);

/// How long a 429 or 503 asks us to wait: Retry-After, else, for a 429, what wait_asked_for reads.
std::optional<std::chrono::seconds> hint_of(const Response& response);

}  // namespace connector::http
