#include "action/assembly.hh"

#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "config/base_url.hh"
#include "core/text/text.hh"
#include "pass/settings.hh"
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
  // --check would set nothing aside.
  std::erase_if(reset_command, [](const std::string& word) { return word.starts_with("--ch"); });
  reset_command.emplace_back("--reset-state");
  return {pass::identity_of(config), local_now(), options.reset_state, state::shell_command(reset_command)};
}

}  // namespace

Timestamp local_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string user_agent() {
  return std::string("buildkite-bitbucket-connector/") + version;
}

http::CurlWireSettings wire_settings(const config::Config& config, const http::StopSignal& stop) {
  http::CurlWireSettings settings = wire_settings(config);
  settings.wake_descriptor = stop.descriptor();
  return settings;
}

http::CurlWireSettings wire_settings(const config::Config& config) {
  const auto& bitbucket = config.bitbucket;
  const http::Credential login =
      bitbucket.token.empty() ? http::Credential(http::BasicLogin{bitbucket.username, bitbucket.password})
                              : http::Credential(http::BearerToken{bitbucket.token});
  http::CurlWireSettings settings;
  settings.user_agent = user_agent();
  auto& buildkite_peer = settings.peers[static_cast<std::size_t>(http::PeerId::buildkite)];
  auto& bitbucket_peer = settings.peers[static_cast<std::size_t>(http::PeerId::bitbucket)];
  buildkite_peer = peer_of(config.buildkite.connection, http::BearerToken{config.buildkite.token});
  buildkite_peer.extra_headers = {"Cache-Control: no-cache"};
  bitbucket_peer = peer_of(bitbucket.connection, login);
  // Atlassian's XSRF check lets JSON through anyway; the header also satisfies proxies and plugins that
  // insist.
  bitbucket_peer.extra_headers = {"X-Atlassian-Token: no-check"};
  return settings;
}

std::vector<http::PeerId> watchers_of(const config::Config& config) {
  std::vector<http::PeerId> watchers;
  if (!config.heartbeat.dms_snitch_id.empty()) watchers.push_back(http::PeerId::snitch);
  if (!config.heartbeat.ping_url.empty()) watchers.push_back(http::PeerId::ping);
  if (!config.metrics.pushgateway.url.empty()) watchers.push_back(http::PeerId::pushgateway);
  return watchers;
}

http::PeerSettings watcher_peer(http::PeerId id, const config::Config& config) {
  constexpr std::chrono::seconds patience{5};
  const config::Heartbeat& heartbeat = config.heartbeat;
  const bool is_pushgateway = id == http::PeerId::pushgateway;
  http::PeerSettings peer = peer_of(is_pushgateway ? config.metrics.pushgateway : heartbeat.connection, {});
  peer.content_type = is_pushgateway ? "text/plain; version=0.0.4" : "text/plain; charset=utf-8";
  peer.patience = patience;
  if (id == http::PeerId::snitch) {
    peer.secret_path = Secret('/' + percent_encode(heartbeat.dms_snitch_id.reveal()));
  } else if (id == http::PeerId::ping) {
    const auto url = config::parse_base_url(heartbeat.ping_url.reveal());
    config::BaseUrl origin = std::get<config::BaseUrl>(url);
    peer.secret_path = Secret(std::exchange(origin.path, ""));
    peer.base_url = config::to_text(origin);
  }
  return peer;
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

state::MissingDirectory missing_state_directory(const config::Config& config) {
  const bool named = config::origin_of(config, "state.file").source != config::Source::default_value;
  return named ? state::MissingDirectory::refuse : state::MissingDirectory::create;
}

std::variant<OpenState, state::LockRefusal> open_state(
    const config::Config& config, const config::Options& options, state::FileSystem& files,
    const http::StopSignal& stop, const std::function<void(const std::string& holder)>& tell_wait) {
  const state::LoadRequest wanted = load_request(config, options);
  if (options.dry_run) {
    return OpenState{std::nullopt, state::StateFile(std::nullopt, files), look_at_state(config, options)};
  }
  if (config.state_file == "none") {
    state::StateFile file(std::nullopt, files);
    auto loaded = file.load(wanted);
    return OpenState{std::nullopt, std::move(file), std::move(loaded)};
  }
  const std::string path = state::locate(config.state_file, missing_state_directory(config));
  constexpr std::chrono::milliseconds stuck_without_deadline = std::chrono::hours{6};
  const auto deadline = config.sync.deadline;
  const auto stuck_after = deadline.count() > 0 ? 2 * deadline : stuck_without_deadline;
  const state::LockRequest request{path, wanted.identity, local_now(), stuck_after};
  const bool by_hand =
      options.since || options.adopt || !options.commits.empty() || options.action == config::Action::check;
  auto lock = by_hand ? state::wait_for_lock(
                            request, [&] { return !stop.requested(); }, tell_wait)
                      : state::acquire_lock(request);
  if (auto* refusal = std::get_if<state::LockRefusal>(&lock)) return std::move(*refusal);
  state::StateFile file(path, files);
  auto loaded = file.load(wanted);
  return OpenState{std::get<state::PassLock>(std::move(lock)), std::move(file), std::move(loaded)};
}

}  // namespace connector::action
