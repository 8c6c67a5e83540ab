// Engine and wire together over real HTTP: parallel connections, pauses, and a stop in the middle of work.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "http/curl_wire.hh"
#include "http/engine.hh"
#include "http/stop_signal.hh"
#include "support/local_server.hh"
#include "support/temp_dir.hh"
#include "support/test_certificates.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::LocalServer;

CurlWireSettings settings_for(const LocalServer& server) {
  CurlWireSettings settings;
  for (PeerSettings& peer : settings.peers) peer.base_url = server.url();
  return settings;
}

Request post(int number) {
  return {.peer = PeerId::bitbucket,
          .method = Method::post,
          .target = "/" + std::to_string(number),
          .body = "{}"};
}

/// Lets nobody pass until `count` are there at once.
class Gathering {
 public:
  explicit Gathering(int count) : missing_(count) {}
  /// Whether all came in time.
  bool join() {
    std::unique_lock lock(mutex_);
    if (missing_ > 0 && --missing_ == 0) all_there_.notify_all();
    return all_there_.wait_for(lock, 10s, [this] { return missing_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_there_;
  int missing_;
};

class Parallelism : public testing::TestWithParam<const char*> {};

TEST_P(Parallelism, OverlapsRequestsOverNoMoreConnectionsThanAllowed) {
  const support::TestAuthority authority;
  const support::Identity identity = authority.issue();
  const support::TempDir directory;
  support::write_file(directory.file("ca.pem"), authority.certificate_pem());
  const bool secure = GetParam() == std::string_view("https");
  Gathering gathering(8);
  std::mutex mutex;
  std::set<int> connections;
  std::atomic<int> at_once{0};
  std::atomic<int> most_at_once{0};
  LocalServer server(
      [&](const httplib::Request& request, httplib::Response& response) {
        const int now = ++at_once;
        for (int most = most_at_once; now > most && !most_at_once.compare_exchange_weak(most, now);) {
        }
        {
          const std::lock_guard lock(mutex);
          connections.insert(request.remote_port);
        }
        response.status = gathering.join() ? 204 : 500;
        --at_once;
      },
      {.identity = secure ? &identity : nullptr});
  CurlWireSettings settings = settings_for(server);
  settings.peers[1].ca_file = directory.file("ca.pem");
  CurlWire wire(settings);
  Engine engine(wire, {.parallel = {4, 8}}, [] { return false; });
  int delivered = 0;
  for (int i = 0; i < 16; ++i) {
    engine.submit(post(i), [&](const Outcome& outcome) {
      const auto* response = std::get_if<Response>(&outcome);
      if (response != nullptr && response->status == 204) ++delivered;
    });
  }
  engine.run();
  EXPECT_EQ(delivered, 16);
  EXPECT_EQ(most_at_once, 8);
  EXPECT_EQ(connections.size(), 8U);
}

INSTANTIATE_TEST_SUITE_P(Scheme, Parallelism, testing::Values("http", "https"));

TEST(CurlEngine, WaitsOutA429) {
  std::atomic<int> requests{0};
  LocalServer server([&](const httplib::Request&, httplib::Response& response) {
    response.status = ++requests == 1 ? 429 : 204;
    response.set_header("Retry-After", "1");
  });
  CurlWire wire(settings_for(server));
  Engine engine(wire, {}, [] { return false; });
  const Steady begun = wire.now();
  int status = 0;
  engine.submit(post(1), [&](const Outcome& outcome) { status = std::get<Response>(outcome).status; });
  engine.run();
  EXPECT_EQ(status, 204);
  EXPECT_GE(wire.now() - begun, 1s);
}

TEST(CurlEngine, AccountsForEveryPostWhenASignalArrivesInTheMiddle) {
  std::atomic<int> received{0};
  LocalServer server([&](const httplib::Request&, httplib::Response& response) {
    if (++received == 300) std::raise(SIGTERM);
    response.status = 204;
  });
  const StopSignal stop;
  CurlWireSettings settings = settings_for(server);
  settings.wake_descriptor = stop.descriptor();
  CurlWire wire(settings);
  Engine engine(wire, {}, [&] { return stop.requested(); });
  int delivered = 0;
  int not_begun = 0;
  for (int i = 0; i < 1000; ++i) {
    engine.submit(post(i), [&](const Outcome& outcome) {
      const auto* failure = std::get_if<Failure>(&outcome);
      if (failure == nullptr) {
        ++delivered;
      } else if (failure->kind == FailureKind::not_begun) {
        ++not_begun;
      }
    });
  }
  engine.run();
  EXPECT_EQ(stop.received(), SIGTERM);
  EXPECT_EQ(delivered + not_begun, 1000);
  EXPECT_EQ(delivered, received) << "what was in flight had its grace";
  EXPECT_GE(delivered, 300);
  EXPECT_LE(delivered, 320);
}

TEST(CurlEngine, IsWokenByASignalWhileItWaits) {
  std::atomic<int> requests{0};
  LocalServer server([&](const httplib::Request&, httplib::Response& response) {
    response.status = 429;
    response.set_header("Retry-After", "60");
    if (++requests == 1) std::raise(SIGINT);
  });
  const StopSignal stop;
  CurlWireSettings settings = settings_for(server);
  settings.wake_descriptor = stop.descriptor();
  CurlWire wire(settings);
  Engine engine(wire, {}, [&] { return stop.requested(); });
  const Steady begun = wire.now();
  engine.submit(post(1), [](const Outcome&) {});
  engine.submit(post(2), [](const Outcome&) {});
  engine.run();
  EXPECT_LT(wire.now() - begun, 10s);
}

TEST(StopSignal, RemembersTheFirstSignalAndPutsEverythingBack) {
  struct sigaction before {};
  sigaction(SIGTERM, nullptr, &before);
  {
    const StopSignal stop;
    EXPECT_FALSE(stop.requested());
    std::raise(SIGPIPE);
    EXPECT_FALSE(stop.requested());
    std::raise(SIGINT);
    std::raise(SIGTERM);
    EXPECT_EQ(stop.received(), SIGINT);
  }
  struct sigaction after {};
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  EXPECT_FALSE(StopSignal().requested()) << "an old signal stops no later pass";
}

}  // namespace
}  // namespace connector::http
