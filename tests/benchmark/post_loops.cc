#include "benchmark/post_loops.hh"

#include <array>
#include <optional>
#include <utility>
#include <variant>

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

/// Eight handles that take the next post as soon as theirs is answered.
class BareLoop {
 public:
  BareLoop(const PostTarget& target, const std::vector<http::Request>& posts)
      : target_(target), posts_(posts) {
    for (const char* line : {"Accept: application/json", xsrf_header, "Content-Type: application/json"}) {
      headers_.append(line);
    }
    for (Lane& lane : lanes_) prepare(lane);
  }

  std::size_t run() {
    for (Lane& lane : lanes_) begin_next(lane);
    for (int running = 1; running > 0;) {
      http::check(curl_multi_perform(multi_.get(), &running));
      // A handle that was added wants to be performed before anything is waited for.
      if (take_answers()) {
        running = 1;
      } else if (running > 0) {
        http::check(curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr));
      }
    }
    return answered_;
  }

 private:
  struct Lane {
    http::Easy easy;
    std::optional<http::Attachment> attachment;  // after easy, so that it goes first
  };

  static std::size_t drop(char* /*data*/, std::size_t size, std::size_t count, void* /*self*/) noexcept {
    return size * count;
  }

  void prepare(Lane& lane) const {
    lane.easy.set(CURLOPT_PRIVATE, &lane);
    lane.easy.set(CURLOPT_WRITEFUNCTION, &BareLoop::drop);
    lane.easy.set(CURLOPT_USERAGENT, user_agent);
    lane.easy.set(CURLOPT_ACCEPT_ENCODING, "");
    lane.easy.set(CURLOPT_PROXY, "");
    lane.easy.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    lane.easy.set(CURLOPT_USERNAME, username);
    lane.easy.set(CURLOPT_PASSWORD, password);
    lane.easy.set(CURLOPT_HTTPHEADER, headers_.get());
    lane.easy.set(CURLOPT_NOSIGNAL, 1L);
    if (!target_.ca_file.empty()) lane.easy.set(CURLOPT_CAINFO, target_.ca_file);
  }

  bool begin_next(Lane& lane) {
    lane.attachment.reset();
    if (begun_ == posts_.size()) return false;
    const http::Request& post = posts_[begun_++];
    lane.easy.set(CURLOPT_URL, target_.url + post.target);
    lane.easy.set(CURLOPT_POSTFIELDS, post.body.data());
    lane.easy.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
    lane.attachment.emplace(multi_, lane.easy);
    return true;
  }

  /// Whether a further post was begun.
  bool take_answers() {
    bool begun = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      Lane* lane = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &lane);
      if (message->data.result == CURLE_OK && lane->easy.number(CURLINFO_RESPONSE_CODE) == 204) ++answered_;
      begun = begin_next(*lane) || begun;
    }
    return begun;
  }

  const PostTarget& target_;
  const std::vector<http::Request>& posts_;
  http::CurlGlobal global_;
  http::Slist headers_;
  http::Multi multi_;
  std::array<Lane, parallel_posts> lanes_;
  std::size_t begun_ = 0;
  std::size_t answered_ = 0;
};

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
  return BareLoop(target, posts).run();
}

}  // namespace connector::benchmark
