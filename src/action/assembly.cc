#include "action/assembly.hh"

#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pass/settings.hh"
#include "state/location.hh"
#include "state/trouble.hh"
#include "version.hh"

namespace connector::action {
namespace {

http::PeerSettings peer_of(const config::Connection& connection, http::Credential credential) {
  http::PeerSettings peer;
  peer.base_url = connection.url;
  peer.credential = std::move(credential);
  peer.ca_file = connection.ca_file;
  peer.proxy = connection.proxy;
  peer.client_certificate = connection.client_certificate;
  peer.client_key = connection.client_key;
  peer.allow_http = connection.allow_http;
  return peer;
}

state::LoadRequest load_request(const config::Config& config, const config::Options& options) {
  std::vector<std::string> reset_command = options.words;
  reset_command.emplace_back("--reset-state");
  return {pass::identity_of(config), local_now(), options.reset_state, state::shell_command(reset_command)};
}

}  // namespace

Timestamp local_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

http::CurlWireSettings wire_settings(const config::Config& config, const http::StopSignal& stop) {
  const auto& bitbucket = config.bitbucket;
  const http::Credential login =
      bitbucket.token.empty() ? http::Credential(http::BasicLogin{bitbucket.username, bitbucket.password})
                              : http::Credential(http::BearerToken{bitbucket.token});
  http::CurlWireSettings settings;
  settings.user_agent = std::string("buildkite-bitbucket-connector/") + version;
  settings.wake_descriptor = stop.descriptor();
  auto& [buildkite_peer, bitbucket_peer, heartbeat_peer] = settings.peers;
  buildkite_peer = peer_of(config.buildkite.connection, http::BearerToken{config.buildkite.token});
  buildkite_peer.extra_headers = {"Cache-Control: no-cache"};
  bitbucket_peer = peer_of(bitbucket.connection, login);
  // Atlassian's XSRF check lets JSON through anyway; the header also satisfies proxies and plugins that
  // insist.
  bitbucket_peer.extra_headers = {"X-Atlassian-Token: no-check"};
  if (!config.heartbeat.dms_snitch_id.empty()) {
    heartbeat_peer = peer_of(config.heartbeat.connection, {});
    heartbeat_peer.path_token = config.heartbeat.dms_snitch_id;
  }
  return settings;
}

http::EngineSettings engine_settings(const config::Config& config, http::Steady now) {
  http::EngineSettings settings;
  if (config.sync.deadline.count() > 0) settings.deadline = now + config.sync.deadline;
  settings.parallel[static_cast<std::size_t>(http::PeerId::bitbucket)] = config.bitbucket.connections;
  settings.seed = std::random_device{}();
  return settings;
}

pass::Settings pass_settings(const config::Config& config, const config::Options& options) {
  pass::Settings settings = pass::settings_of(config, std::random_device{}());
  settings.adopt = options.adopt;
  settings.commits = options.commits;
  settings.dry_run = options.dry_run;
  settings.keeps_statuses = options.json;
  settings.since = options.since;
  if (options.adopt && !options.since)
    settings.since = LookBack{std::nullopt, config.sync.initial_search_time};
  return settings;
}

state::LoadedState look_at_state(const config::Config& config, const config::Options& options) {
  const state::LoadRequest wanted = load_request(config, options);
  if (config.state_file == "none") return {SavedState{.identity = wanted.identity}, {}, {}};
  return state::look_at(config.state_file, wanted);
}

std::variant<OpenState, state::LockRefusal> open_state(const config::Config& config,
                                                       const config::Options& options,
                                                       state::FileSystem& files,
                                                       const http::StopSignal& stop) {
  const state::LoadRequest wanted = load_request(config, options);
  if (options.dry_run) {
    return OpenState{std::nullopt, state::StateFile(std::nullopt, files), look_at_state(config, options)};
  }
  if (config.state_file == "none") {
    state::StateFile file(std::nullopt, files);
    auto loaded = file.load(wanted);
    return OpenState{std::nullopt, std::move(file), std::move(loaded)};
  }
  const bool named = config::origin_of(config, "state.file").source != config::Source::default_value;
  const auto missing = named ? state::MissingDirectory::refuse : state::MissingDirectory::create;
  const std::string path = state::locate(config.state_file, missing);
  constexpr std::chrono::milliseconds stuck_without_deadline = std::chrono::hours{6};
  const auto deadline = config.sync.deadline;
  const auto stuck_after = deadline.count() > 0 ? 2 * deadline : stuck_without_deadline;
  const state::LockRequest request{path, wanted.identity, local_now(), stuck_after};
  const bool by_hand =
      options.since || options.adopt || !options.commits.empty() || options.action == config::Action::check;
  auto lock = by_hand ? state::wait_for_lock(request, [&] { return !stop.requested(); })
                      : state::acquire_lock(request);
  if (auto* refusal = std::get_if<state::LockRefusal>(&lock)) return std::move(*refusal);
  state::StateFile file(path, files);
  auto loaded = file.load(wanted);
  return OpenState{std::get<state::PassLock>(std::move(lock)), std::move(file), std::move(loaded)};
}

}  // namespace connector::action
