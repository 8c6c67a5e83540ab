// Where configuration and state are looked for when nobody says so (XDG base directories, systemd, /etc and
// /var/lib).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hh"
#include "core/build/shard.hh"

namespace connector::config {

/// The places of a configuration file that nobody named, best first.
std::vector<std::string> usual_config_files(const Environment& environment);

/// "acme", and of a shard "acme.2-of-3": shards must not share a state.
std::string state_name(std::string_view organization, const Shard& shard);

/// The state file of this name that nobody placed: in the first directory of $STATE_DIRECTORY (systemd:
/// StateDirectory), else in buildkite-bitbucket-connector/ under $XDG_STATE_HOME, under ~/.local/state where
/// there is a home, or under /var/lib.
std::string usual_state_file(std::string_view state_name, const Environment& environment);

/// Whether a path lies in $HOME; false for services, whose HOME is unset or "/".
bool is_below_home(std::string_view path, const Environment& environment);

/// A path of the configuration file as seen from this process: relative ones start at the file's own
/// directory.
std::string resolve(const std::string& path, const std::string& config_file);

}  // namespace connector::config
