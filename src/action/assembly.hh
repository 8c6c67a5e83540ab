// From the configuration to what a pass works with: the servers and how to reach them, the limits of the
// engine, the state file with its lock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/command_line.hh"
#include "config/config.hh"
#include "http/curl_wire.hh"
#include "http/engine.hh"
#include "http/stop_signal.hh"
#include "pass/settings.hh"
#include "state/location.hh"
#include "state/pass_lock.hh"
#include "state/state_file.hh"

namespace connector::action {

/// The local clock.
Timestamp local_now();

/// What our requests are signed with: "buildkite-bitbucket-connector/1.2.3".
std::string user_agent();

/// To Buildkite and Bitbucket.
http::CurlWireSettings wire_settings(const config::Config& config);
/// The same, for a wire that a stop wakes up.
http::CurlWireSettings wire_settings(const config::Config& config, const http::StopSignal& stop);

/// Those who watch over passes and are told over HTTP, as configured.
std::vector<http::PeerId> watchers_of(const config::Config& config);

/// How to reach one of those who watch over passes (snitch, ping, pushgateway), which is configured.
http::PeerSettings watcher_peer(http::PeerId id, const config::Config& config);

/// `now` is the wire's clock.
http::EngineSettings engine_settings(const config::Config& config, http::Steady now);

pass::Settings pass_settings(const config::Config& config, const config::Options& options);

/// The state file with its lock held, what it holds, and whether a damaged one had to be set aside.
struct OpenState {
  std::optional<state::PassLock> lock;
  state::StateFile file;
  state::LoadedState loaded;
};

/// What the state file holds, for those who change nothing: no lock, no directory, no file is made. Throws
/// Error for a state that cannot be used.
state::LoadedState look_at_state(const config::Config& config, const config::Options& options);

/// Whether a pass makes the directory of the state file where it is missing: only in a place nobody named.
state::MissingDirectory missing_state_directory(const config::Config& config);

/// What somebody asked for by hand waits for a pass that is at work, everything else does not: then the
/// refusal is returned. `tell_wait` is told once who is waited for. Throws Error for a state that cannot be
/// used.
std::variant<OpenState, state::LockRefusal> open_state(
    const config::Config& config, const config::Options& options, state::FileSystem& files,
    const http::StopSignal& stop, const std::function<void(const std::string& holder)>& tell_wait);

}  // namespace connector::action
