// The part of --check that looks around on this machine: where the state is kept, and the clock.
#pragma once

#include <string>

#include "check/finding.hh"
#include "core/timestamp.hh"
#include "http/engine.hh"

namespace connector::check {

/// Looks at the directory of a state file: there, writable, and closed to others.
void look_at_state_place(const std::string& path, Findings& findings);

/// Compares the local clock with those of the servers that answered. Nothing is decided by the local clock,
/// but certificates are checked by it, and logs are read by it.
void look_at_clocks(const http::Engine& engine, Timestamp local_now, Findings& findings);

}  // namespace connector::check
