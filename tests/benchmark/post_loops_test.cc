// The benchmark's two ways of posting must do the same work, or their times say nothing. No time is looked at
// here.
#include "benchmark/post_loops.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/lean_server.hh"
#include "support/temp_dir.hh"

namespace connector::benchmark {
namespace {

constexpr std::size_t post_count = 20;

struct Seen {
  std::size_t answered = 0;
  std::size_t connections = 0;
  std::vector<std::string> requests;  // sorted, without the line that names the server's port
};

std::string without_host(std::string_view request) {
  std::string text(request);
  const std::size_t host = text.find("Host: ");
  return text.erase(host, text.find("\r\n", host) - host);
}

class PostLoops : public testing::TestWithParam<const char*> {
 protected:
  PostLoops() { support::write_file(directory_.file("ca.pem"), authority_.certificate_pem()); }

  template <class Post>
  Seen seen_by_server(const Post& post) {
    const bool tls = GetParam() == std::string_view("https");
    Seen seen;
    std::mutex mutex;
    LeanServer server({.latency = std::chrono::milliseconds{1},
                       .identity = tls ? &identity_ : nullptr,
                       .answer = [&](std::string_view request) {
                         const std::lock_guard lock(mutex);
                         seen.requests.push_back(without_host(request));
                         return no_content;
                       }});
    seen.answered = post({server.url(), tls ? directory_.file("ca.pem") : ""}, status_posts(post_count));
    seen.connections = server.connections();
    std::sort(seen.requests.begin(), seen.requests.end());
    return seen;
  }

 private:
  const support::TempDir directory_;
  const support::TestAuthority authority_;
  const support::Identity identity_ = authority_.issue();
};

TEST_P(PostLoops, MakeTheSameRequestsOverNoMoreConnectionsThanAllowed) {
  const Seen engine = seen_by_server(post_by_engine);
  const Seen bare = seen_by_server(post_by_bare_loop);
  EXPECT_EQ(engine.answered, post_count);
  EXPECT_EQ(bare.answered, post_count);
  EXPECT_EQ(engine.requests.size(), post_count);
  EXPECT_EQ(engine.requests, bare.requests);
  EXPECT_LE(engine.connections, parallel_posts);
  EXPECT_LE(bare.connections, parallel_posts);
}

INSTANTIATE_TEST_SUITE_P(Scheme, PostLoops, testing::Values("http", "https"));

}  // namespace
}  // namespace connector::benchmark
