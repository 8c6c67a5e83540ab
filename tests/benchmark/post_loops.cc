#include "benchmark/post_loops.hh"

#include <optional>
#include <utility>
#include <variant>

#include "benchmark/bare_loop.hh"
#include "bitbucket/status_request.hh"
#include "http/curl_handles.hh"
#include "http/curl_wire.hh"
#include "http/engine.hh"
#include "support/a_build.hh"

namespace connector::benchmark {
namespace {

constexpr const char* user_agent = "buildkite-bitbucket-connector/benchmark";
constexpr const char* username = "buildkite-bot";
constexpr const char* password = "benchmark-password";
constexpr const char* xsrf_header = "X-Atlassian-Token: no-check";

http::CurlWireSettings wire_settings(const PostTarget& target) {
  http::CurlWireSettings settings;
  settings.user_agent = user_agent;
  auto& bitbucket = settings.peers.at(static_cast<std::size_t>(http::PeerId::bitbucket));
  bitbucket.base_url = target.url;
  bitbucket.ca_file = target.ca_file;
  bitbucket.credential = http::BasicLogin{username, Secret(password)};
  bitbucket.extra_headers = {xsrf_header};
  return settings;
}

}  // namespace

std::vector<http::Request> status_posts(std::size_t count) {
  std::vector<http::Request> posts;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string number = std::to_string(i);
    const BuildStatus status{
        .state = BitbucketState::successful,
        .build_number = i,
        .url = "https://buildkite.com/acme-inc/web/builds/" + number,
        .name = "Web #" + number,
        .description = "Passed in 4 minutes 12 seconds: Show the price with its currency",
        .parent = "web",
        .ref = "refs/heads/main",
        .duration_ms = 252'000};
    const StatusKey key{{"ACME", "web"}, support::commit_named(number), support::uuid_named("web")};
    posts.push_back(*bitbucket::status_request(key, status, {.repository_builds = true}));
  }
  return posts;
}

std::size_t post_by_engine(const PostTarget& target, std::vector<http::Request> posts) {
  http::CurlWire wire(wire_settings(target));
  http::EngineSettings settings;
  settings.parallel.at(static_cast<std::size_t>(http::PeerId::bitbucket)) = parallel_posts;
  http::Engine engine(wire, settings, [] { return false; });
  std::size_t answered = 0;
  for (http::Request& post : posts) {
    engine.submit(std::move(post), [&answered](const http::Outcome& outcome) {
      const auto* response = std::get_if<http::Response>(&outcome);
      if (response != nullptr && response->status == 204) ++answered;
    });
  }
  engine.run();
  return answered;
}

std::size_t post_by_bare_loop(const PostTarget& target, const std::vector<http::Request>& posts) {
  const http::CurlGlobal global;
  const http::Multi multi;
  BarePeer peer;
  peer.url = target.url;
  peer.ca_file = target.ca_file;
  peer.user_agent = user_agent;
  peer.username = username;
  peer.password = password;
  peer.header_lines = {"Accept: application/json", xsrf_header, "Content-Type: application/json"};
  std::size_t begun = 0;
  return run_bare_loop(multi, peer, parallel_posts, 204, [&](std::size_t) -> std::optional<BareRequest> {
    if (begun == posts.size()) return std::nullopt;
    const http::Request& post = posts[begun++];
    return BareRequest{post.target, post.body};
  });
}

}  // namespace connector::benchmark
