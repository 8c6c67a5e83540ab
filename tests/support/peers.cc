#include "support/peers.hh"

#include <utility>

namespace connector::support {

Peers::Peers(Timestamp now, BuildkiteSettings buildkite_settings, BitbucketSettings bitbucket_settings)
    : organization("acme-inc", now),
      buildkite(organization, std::move(buildkite_settings)),
      bitbucket([this] { return organization.now(); }, std::move(bitbucket_settings)) {}

void Peers::follow_clock() {
  if (clock) organization.set_now(clock());
}

Handler Peers::buildkite_handler() {
  return buildkite_log.recording(buildkite_faults.before([this](const FakeRequest& request) {
    follow_clock();
    return buildkite.handle(request);
  }));
}

Handler Peers::bitbucket_handler() {
  return bitbucket_log.recording(bitbucket_faults.before([this](const FakeRequest& request) {
    follow_clock();
    return bitbucket.handle(request);
  }));
}

MemoryWireSettings memory_peers(Peers& peers, std::uint64_t seed) {
  const Credentials login = peers.login.value_or(peers.bitbucket.settings().credentials);
  MemoryWireSettings settings;
  settings.seed = seed;
  settings.on_time_passing = [&peers](std::chrono::milliseconds step) { peers.organization.advance(step); };

  MemoryPeer& buildkite = settings.peers.at(static_cast<std::size_t>(http::PeerId::buildkite));
  buildkite.handler = peers.buildkite_handler();
  buildkite.headers["authorization"] = "Bearer " + peers.buildkite.settings().token;

  MemoryPeer& bitbucket = settings.peers.at(static_cast<std::size_t>(http::PeerId::bitbucket));
  bitbucket.handler = peers.bitbucket_handler();
  bitbucket.headers["authorization"] = "Basic " + base64(login.username + ':' + login.password);
  bitbucket.headers["x-atlassian-token"] = "no-check";
  bitbucket.context_path = peers.bitbucket.settings().context_path;
  return settings;
}

HttpPeers::HttpPeers(Peers& peers, HttpFrontSettings settings)
    : peers_(peers),
      buildkite_(peers.buildkite_handler(), models_, settings),
      bitbucket_(peers.bitbucket_handler(), models_, settings) {
  peers.buildkite.settings().listing.json.api_url = buildkite_.url();
  peers.bitbucket.settings().base_url = bitbucket_.url() + peers.bitbucket.settings().context_path;
}

Environment HttpPeers::environment() const {
  const BitbucketSettings& bitbucket = peers_.bitbucket.settings();
  return {{"BUILDKITE_API_URL", buildkite_.url()},
          {"BUILDKITE_API_TOKEN", peers_.buildkite.settings().token},
          {"BUILDKITE_ORGANIZATION", peers_.organization.slug()},
          {"BITBUCKET_URL", bitbucket.base_url},
          {"BITBUCKET_USERNAME", bitbucket.credentials.username},
          {"BITBUCKET_PASSWORD", bitbucket.credentials.password}};
}

std::string HttpPeers::clone_url(const std::string& project, const std::string& slug) const {
  return peers_.bitbucket.settings().base_url + "/scm/" + project + '/' + slug + ".git";
}

}  // namespace connector::support
