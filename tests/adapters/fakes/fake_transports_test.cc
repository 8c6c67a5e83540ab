// Real HTTP and virtual time show the same peers, and the same trouble on the way to them.
#include <gmock/gmock.h>
#include <httplib.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "support/a_build.hh"
#include "support/peers.hh"
#include "support/temp_dir.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* builds_target = "/v2/organizations/acme-inc/builds";

http::Request post_request(const std::string& key) {
  http::Request request;
  request.peer = http::PeerId::bitbucket;
  request.method = http::Method::post;
  request.target = "/rest/build-status/latest/commits/" + commit_named("a");
  request.body = R"({"key":")" + key + R"(","state":"FAILED","url":"https://buildkite.com/"})";
  return request;
}

class MemoryWireTest : public ::testing::Test {
 protected:
  // Everything that arrives within an hour.
  std::vector<http::Arrival> arrivals() {
    std::vector<http::Arrival> all;
    const http::Steady end = wire.now() + 1h;
    while (wire.now() < end) {
      for (http::Arrival& arrival : wire.wait(end)) all.push_back(std::move(arrival));
    }
    return all;
  }
  http::Outcome exchange(const http::Request& request) {
    wire.start(1, request);
    return arrivals().at(0).outcome;
  }

  Peers peers;
  MemoryWire wire{memory_peers(peers)};
};

TEST_F(MemoryWireTest, AsksThePeersWithTheirCredentials) {
  http::Request request;
  request.target = builds_target;
  const http::Outcome outcome = exchange(request);
  const auto* response = std::get_if<http::Response>(&outcome);
  ASSERT_NE(response, nullptr);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "[]");
  EXPECT_EQ(response->headers.find("ratelimit-user-limit"), "50");
  EXPECT_EQ(std::get<http::Response>(exchange(post_request("web"))).status, 204);
  EXPECT_EQ(peers.bitbucket.record_count(), 1U);
}

TEST_F(MemoryWireTest, MovesTheClockOfTheOrganization) {
  arrivals();
  EXPECT_EQ(wire.now(), 1h);
  EXPECT_EQ(peers.organization.now(), noon + 1h);
}

TEST_F(MemoryWireTest, ServesInAnOrderThatTheSeedDecides) {
  const auto order = [](std::uint64_t seed) {
    Peers own;
    MemoryWire its_wire(memory_peers(own, seed));
    for (http::Ticket ticket = 0; ticket < 8; ++ticket)
      its_wire.start(ticket, post_request(std::to_string(ticket)));
    its_wire.sleep(1s);
    std::string bodies;
    for (const LoggedRequest& request : own.bitbucket_log.requests()) bodies += request.body;
    return bodies;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST_F(MemoryWireTest, LosesAnswersAndRequests) {
  peers.bitbucket_faults.next(lose_the_answer());
  auto failure = std::get<http::Failure>(exchange(post_request("applied")));
  EXPECT_TRUE(failure.may_have_arrived);
  EXPECT_EQ(peers.bitbucket.record_count(), 1U);
  peers.bitbucket_faults.next(lose_the_request());
  failure = std::get<http::Failure>(exchange(post_request("lost")));
  EXPECT_EQ(failure.kind, http::FailureKind::unreachable);
  EXPECT_EQ(peers.bitbucket.record_count(), 1U);
  EXPECT_EQ(peers.bitbucket_log.size(), 2U);
}

TEST_F(MemoryWireTest, LetsARequestLandLate) {
  peers.bitbucket_faults.hold_back();
  EXPECT_TRUE(std::holds_alternative<http::Failure>(exchange(post_request("web"))));
  EXPECT_EQ(peers.bitbucket.record_count(), 0U);
  peers.bitbucket_faults.release();
  EXPECT_EQ(peers.bitbucket.record_count(), 1U);
}

TEST_F(MemoryWireTest, ForgetsWhatWasGivenUpButThePeerMayStillAct) {
  wire.start(1, post_request("web"));
  wire.abort(1);
  EXPECT_TRUE(arrivals().empty());
  EXPECT_EQ(peers.bitbucket.record_count(), 1U);
}

TEST_F(MemoryWireTest, HoldsToTheBodyLimit) {
  http::Request request;
  request.target = builds_target;
  request.body_limit = 1;
  EXPECT_EQ(std::get<http::Failure>(exchange(request)).kind, http::FailureKind::not_the_api);
}

class HttpFrontTest : public ::testing::Test {
 protected:
  httplib::Result get(const std::string& target) {
    return client.Get(target, {{"Authorization", "Bearer " + peers.buildkite.settings().token}});
  }

  Peers peers;
  HttpPeers http{peers};
  httplib::Client client{"127.0.0.1", http.buildkite().port()};
};

TEST_F(HttpFrontTest, ServesThePeer) {
  peers.organization.add(a_build().message("Grüße"));
  const httplib::Result result = get(std::string(builds_target) + "?created_from=2026-01-15T12:00:00Z");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_THAT(result->body, HasSubstr("Grüße"));
  EXPECT_EQ(result->get_header_value("Date"), "Thu, 15 Jan 2026 12:00:00 GMT");
  ASSERT_EQ(peers.buildkite_log.size(), 1U);
  EXPECT_EQ(peers.buildkite_log.requests()[0].target,
            std::string(builds_target) + "?created_from=2026-01-15T12:00:00Z");
}

TEST_F(HttpFrontTest, KeepsConnectionsAndCountsThem) {
  client.set_keep_alive(true);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(get(builds_target));
  EXPECT_EQ(http.buildkite().connections(), 1U);
  httplib::Client another("127.0.0.1", http.buildkite().port());
  ASSERT_TRUE(another.Get("/"));
  EXPECT_EQ(http.buildkite().connections(), 2U);
  EXPECT_EQ(http.buildkite().most_at_once(), 2U);
}

TEST_F(HttpFrontTest, IsIdleWhenWhatClientsLeftBehindHasBeenHandled) {
  std::unique_lock busy(http.models());
  {
    httplib::Client impatient("127.0.0.1", http.buildkite().port());
    impatient.set_read_timeout(20ms);
    EXPECT_FALSE(impatient.Get("/"));
  }
  busy.unlock();
  http.buildkite().wait_until_idle();
  EXPECT_EQ(peers.buildkite_log.size(), 1U);
}

TEST_F(HttpFrontTest, BreaksOffInTheBodyOrBeforeIt) {
  peers.buildkite_faults.next(cut_the_body());
  EXPECT_FALSE(get(builds_target));
  peers.buildkite_faults.next(lose_the_answer());
  EXPECT_FALSE(get(builds_target));
  EXPECT_TRUE(get(builds_target));
  EXPECT_EQ(peers.buildkite_log.size(), 3U);
}

TEST_F(HttpFrontTest, ShowsFaultsByRule) {
  peers.buildkite_faults.whenever([](const FakeRequest& request) { return request.target == "/bad"; },
                                  answer_html(502));
  peers.buildkite_faults.next(answer_too_many("7"));
  EXPECT_EQ(get(builds_target)->get_header_value("Retry-After"), "7");
  EXPECT_EQ(get("/bad")->status, 502);
  EXPECT_EQ(get(builds_target)->status, 200);
  peers.buildkite_faults.clear();
  peers.buildkite_faults.always(answer_status(503));
  EXPECT_EQ(get(builds_target)->status, 503);
}

TEST(ProcessTest, CollectsStreamsAndStatusOfAProgram) {
  const ProcessResult result =
      run_process({"/bin/sh", "-c", "echo \"$WORD\"; echo trouble >&2; exit 75"}, {{"WORD", "hello"}});
  EXPECT_EQ(result.exit_status, 75);
  EXPECT_EQ(result.out, "hello\n");
  EXPECT_EQ(result.err, "trouble\n");
  EXPECT_FALSE(result.timed_out);
}

TEST(ProcessTest, EndsAProgramThatTakesTooLong) {
  const ProcessResult result = run_process({"/bin/sh", "-c", "exec sleep 60"}, {}, 50ms);
  EXPECT_TRUE(result.timed_out);
  EXPECT_NE(result.signal, 0);
}

TEST(TempDirTest, IsGoneAfterwards) {
  auto dir = std::make_unique<TempDir>();
  const std::string file = dir->file("note");
  write_file(file, "contents");
  EXPECT_EQ(read_file(file), "contents");
  dir.reset();
  EXPECT_THROW(read_file(file), std::runtime_error);
}

}  // namespace
}  // namespace connector::support
