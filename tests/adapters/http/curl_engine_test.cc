// Engine and wire together over real HTTP: parallel connections, pauses, and a stop in the middle of work.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/curl_wire.hh"
#include "http/engine.hh"
#include "http/stop_signal.hh"
#include "support/h2_front.hh"
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

TEST(CurlEngine, SendsItsRequestsSideBySideOverOneConnectionWhereHttp2IsOffered) {
  if (support::H2Front::program().empty()) GTEST_SKIP() << "nghttpx is not installed";
  const support::TestAuthority authority;
  const support::TempDir directory;
  support::write_file(directory.file("ca.pem"), authority.certificate_pem());
  Gathering gathering(8);
  LocalServer server([&](const httplib::Request& request, httplib::Response& response) {
    response.status = gathering.join() ? 200 : 500;
    response.set_content(request.path + ' ' + request.body, "text/plain");
  });
  support::H2Front front(authority.issue(), server.port());
  CurlWireSettings settings;
  settings.peers[1].base_url = front.url();
  settings.peers[1].ca_file = directory.file("ca.pem");
  CurlWire wire(settings);
  Engine engine(wire, {.parallel = {4, 8}}, [] { return false; });
  int right = 0;
  for (int i = 0; i < 16; ++i) {
    engine.submit(post(i), [&, i](const Outcome& outcome) {
      const auto* response = std::get_if<Response>(&outcome);
      ASSERT_NE(response, nullptr) << std::get<Failure>(outcome).text;
      if (response->status == 200 && response->body == "/" + std::to_string(i) + " {}") ++right;
    });
  }
  engine.run();
  EXPECT_EQ(right, 16) << "eight were answered only once all of them had arrived";
  const auto answered = front.stop();
  ASSERT_EQ(answered.size(), 16U);
  for (const auto& line : answered) {
    EXPECT_EQ(line.protocol, "h2");
    EXPECT_EQ(line.client_port, answered.front().client_port) << "one connection";
  }
}

struct Refusal {
  const char* name;
  std::vector<std::pair<std::string, std::string>> headers;
  const char* body;
  std::chrono::milliseconds shortest;  ///< zero = a wait that this pass's deadline rules out
};

void PrintTo(const Refusal& row, std::ostream* out) {
  *out << row.name;
}

class TooManyRequests : public testing::TestWithParam<Refusal> {};

TEST_P(TooManyRequests, AreWaitedOutAsTheAnswerAsksWithinTheDeadline) {
  const Refusal& row = GetParam();
  std::atomic<int> requests{0};
  LocalServer server([&](const httplib::Request&, httplib::Response& response) {
    response.status = ++requests == 1 ? 429 : 204;
    if (response.status != 429) return;
    for (const auto& [name, value] : row.headers) response.set_header(name, value);
    response.set_content(row.body, "application/json");
  });
  CurlWire wire(settings_for(server));
  const Steady begun = wire.now();
  Engine engine(wire, {.deadline = begun + 9s}, [] { return false; });
  int status = 0;
  engine.submit(post(1), [&](const Outcome& outcome) { status = std::get<Response>(outcome).status; });
  engine.run();
  const bool possible = row.shortest > 0ms;
  EXPECT_EQ(status, possible ? 204 : 429);
  EXPECT_EQ(requests, possible ? 2 : 1);
  EXPECT_GE(wire.now() - begun, row.shortest);
  EXPECT_LT(wire.now() - begun, 8s);
  EXPECT_EQ(engine.counts(PeerId::bitbucket).retries, 0U);
}

constexpr const char* date = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* by_user = R"({"message":"slow down","scope":"rest_user"})";

INSTANTIATE_TEST_SUITE_P(
    Table, TooManyRequests,
    testing::Values(
        Refusal{"seconds", {{"Retry-After", "1"}}, "", 1s},
        Refusal{"date", {{"Date", date}, {"Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT"}}, "", 1s},
        Refusal{"past_date", {{"Date", date}, {"Retry-After", "Sun, 06 Nov 1994 08:40:00 GMT"}}, "", 500ms},
        Refusal{"of_the_user", {{"RateLimit-Reset", "3600"}, {"RateLimit-User-Reset", "1"}}, by_user, 1s},
        Refusal{"of_the_organization",
                {{"RateLimit-Reset", "1"}, {"RateLimit-User-Reset", "3600"}},
                R"({"scope":"rest_organization"})",
                1s},
        Refusal{"junk", {{"Retry-After", "soon"}}, "", 0ms}, Refusal{"no_hint", {}, "<html>", 0ms},
        Refusal{"longer_than_the_pass", {{"Retry-After", "3600"}}, "", 0ms}),
    [](const auto& row) { return std::string(row.param.name); });

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
