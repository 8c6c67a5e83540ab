// The heartbeat: tells services that watch over passes that these still happen, and how they end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/request.hh"
#include "report/pass_record.hh"

namespace connector::report {

/// What Dead Man's Snitch is told of a pass (its API: GET <base>/<snitch>, m = a short text, s = a status, of
/// which anything but 0 counts as an error): success with 0 and 1, an error with everything else, and nothing
/// with 75 or a signal, since the next pass goes on.
std::optional<http::Request> snitch_request(const PassRecord& pass);

/// The same in healthchecks.io's dialect (its Pinging API: POST <base> for success, <base>/<exit status> for
/// failure, the body is kept as a log; rid = a UUID that pairs the start of a pass with its end).
std::optional<http::Request> ping_request(const PassRecord& pass, const std::string& run_id);

/// <base>/start of that dialect: nobody waits for its answer.
http::Request ping_start_request(const std::string& run_id);

/// A version 4 UUID (RFC 9562) of random bits.
std::string uuid_of(std::uint64_t high, std::uint64_t low);

}  // namespace connector::report
