// The heartbeat: tells a watchdog service that passes still happen, and how they end.
#pragma once

#include <optional>
#include <string_view>

#include "core/exit_status.hh"
#include "http/request.hh"

namespace connector::report {

/// What Dead Man's Snitch is told of a pass (its API: GET <base>/<snitch>, m = a short text, s = a status, of
/// which anything but 0 counts as an error): success with 0 and 1, an error with everything else, and nothing
/// with 75 or a signal, since the next pass goes on.
std::optional<http::Request> snitch_request(ExitStatus status, std::string_view summary);

}  // namespace connector::report
