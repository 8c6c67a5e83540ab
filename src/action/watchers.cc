#include "action/watchers.hh"

#include <exception>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include "action/assembly.hh"
#include "core/error.hh"
#include "core/text/text.hh"
#include "report/heartbeat.hh"
#include "report/metrics.hh"
#include "report/textfile.hh"
#include "version.hh"

namespace connector::action {
namespace {

std::string random_uuid() {
  std::random_device bits;
  const auto word = [&] { return std::uint64_t{bits()} << 32U | bits(); };
  const std::uint64_t high = word();
  return report::uuid_of(high, word());
}

/// Whether somebody sits before this pass, or nothing is to be changed by it.
bool is_watched_already(const config::Options& options) {
  const bool by_hand = options.since || options.adopt || options.reset_state || !options.commits.empty();
  return options.action != config::Action::pass || options.dry_run || by_hand;
}

std::string first_line_of(const std::string& text) {
  constexpr std::size_t longest = 500;
  return printable(text.substr(0, text.find('\n')), longest);
}

}  // namespace

Watchers::Watchers(const Setting& setting, const report::Log& log)
    : setting_(setting),
      log_(log),
      dismissed_(is_watched_already(setting.options)),
      run_id_(random_uuid()),
      began_(std::chrono::steady_clock::now()) {}

/// Their labels need the organization, which a wrong configuration may lack.
bool Watchers::has_metrics() const {
  return !setting_.config.buildkite.organization.empty();
}

bool Watchers::is_usable(http::PeerId id, const http::PeerSettings& peer) const {
  try {
    http::checked_address(id, peer);
    return true;
  } catch (const Error& error) {
    log_.warn(error.what());
    return false;
  }
}

void Watchers::join(http::CurlWireSettings& wire) {
  constexpr auto id = http::PeerId::ping;
  const config::Heartbeat& heartbeat = setting_.config.heartbeat;
  if (dismissed_ || !heartbeat.ping_start || heartbeat.ping_url.empty()) return;
  const http::PeerSettings peer = watcher_peer(id, setting_.config);
  joined_ = is_usable(id, peer);
  if (joined_) wire.peers[static_cast<std::size_t>(id)] = peer;
}

void Watchers::tell_of_start(http::Engine& engine) const {
  if (!joined_) return;
  engine.submit(report::ping_start_request(run_id_), [this](const http::Outcome& outcome) {
    const auto* failure = std::get_if<http::Failure>(&outcome);
    const bool given_up = failure != nullptr && failure->kind == http::FailureKind::not_begun;
    if (!given_up) take_answer(http::PeerId::ping, outcome);
  });
}

ExitStatus Watchers::note(ExitStatus status, std::optional<report::PassFigures> figures,
                          const std::string& reason) {
  record_.organization = setting_.config.buildkite.organization;
  record_.status = status;
  record_.reason = setting_.mask.hide(first_line_of(reason));
  record_.ended = local_now();
  record_.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  record_.figures = std::move(figures);
  if (!dismissed_) write_textfile();
  return record_.status;
}

void Watchers::write_textfile() {
  const std::string& path = setting_.config.metrics.textfile;
  if (path.empty() || !has_metrics()) return;
  const auto last_success = report::last_success_of(record_, report::read_textfile(path));
  try {
    report::write_textfile(path, setting_.mask.hide(report::metrics_text(record_, version, last_success)));
  } catch (const Error& error) {
    log_.error(error.what());
    record_.status = choose(std::vector{record_.status, error.status()});
  }
}

std::vector<http::Request> Watchers::requests() const {
  const config::Config& config = setting_.config;
  std::vector<http::Request> requests;
  const auto add = [&](std::optional<http::Request> request) {
    if (request) requests.push_back(std::move(*request));
  };
  if (!config.heartbeat.dms_snitch_id.empty()) add(report::snitch_request(record_));
  if (!config.heartbeat.ping_url.empty()) add(report::ping_request(record_, run_id_));
  if (!config.metrics.pushgateway.url.empty() && has_metrics()) {
    const auto last_success = report::last_success_of(record_, {});
    add(report::push_request(record_, report::metrics_text(record_, version, last_success)));
  }
  for (http::Request& request : requests) request.body = setting_.mask.hide(request.body);
  return requests;
}

void Watchers::tell(const std::function<bool()>& stop_requested) const {
  if (dismissed_) return;
  try {
    send(stop_requested);
  } catch (const std::exception& error) {
    log_.warn(std::string("those who watch over passes could not be told: ") + error.what());
  }
}

void Watchers::send(const std::function<bool()>& stop_requested) const {
  constexpr std::chrono::seconds patience{10};
  http::CurlWireSettings wire_settings;
  wire_settings.user_agent = user_agent();
  std::vector<http::Request> usable;
  for (http::Request& request : requests()) {
    const http::PeerSettings peer = watcher_peer(request.peer, setting_.config);
    if (!is_usable(request.peer, peer)) continue;
    wire_settings.peers[static_cast<std::size_t>(request.peer)] = peer;
    usable.push_back(std::move(request));
  }
  if (usable.empty()) return;
  http::CurlWire wire(std::move(wire_settings));
  http::EngineSettings limits;
  limits.deadline = wire.now() + patience;
  http::Engine engine(wire, limits, stop_requested);
  for (http::Request& request : usable) {
    const http::PeerId peer = request.peer;
    engine.submit(std::move(request),
                  [this, peer](const http::Outcome& outcome) { take_answer(peer, outcome); });
  }
  engine.run();
}

void Watchers::take_answer(http::PeerId peer, const http::Outcome& outcome) const {
  const auto* answer = std::get_if<http::Response>(&outcome);
  if (answer != nullptr && answer->status / 100 == 2) return;
  const std::string why = answer == nullptr ? std::get<http::Failure>(outcome).text
                                            : http::answered(http::name_of(peer), *answer);
  log_.warn(std::string(http::name_of(peer)) + " did not take what it was told: " + why);
}

ExitStatus Watchers::tell_of_failure(ExitStatus status, const std::string& reason) {
  const ExitStatus ends_with = note(status, std::nullopt, reason);
  tell([] { return false; });
  return ends_with;
}

}  // namespace connector::action
