// The part of --check that looks around on this machine: where the state is kept.
#pragma once

#include <string>

#include "check/finding.hh"
#include "state/location.hh"

namespace connector::check {

/// Looks at the place of a state file: its directory there or to be made, writable, and closed to others, the
/// file and its lock of a kind and with permissions that a pass can use.
Finding look_at_state_place(const std::string& path, state::MissingDirectory missing_directory);

/// Looks at the directory of the file of metrics: there and writable.
Finding look_at_textfile_place(const std::string& path);

}  // namespace connector::check
