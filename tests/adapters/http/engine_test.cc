// The engine's policy over a wire without a network, in virtual time: limits, retries, pauses.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "adapters/http/engine_fixture.hh"
#include "support/scripted_wire.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::answer;
using support::Reply;
using support::ScriptedWire;
using support::unreachable;

TEST_F(EngineTest, KeepsRequestsOfBothPeersInFlightUpToTheirLimits) {
  ScriptedWire wire([](const Request&) { return answer(200); });
  Engine engine = this->engine(wire, {.parallel = {4, 8}});
  for (int i = 0; i < 40; ++i) {
    submit(engine, get("/a" + std::to_string(i)));
    submit(engine, post("/b" + std::to_string(i)));
  }
  engine.run();
  EXPECT_EQ(outcomes.size(), 80U);
  EXPECT_EQ(wire.most_in_flight, (std::array<int, peer_count>{4, 8}));
  EXPECT_EQ(wire.now(), 1000ms + 10 * 10ms) << "ten rounds of four, side by side with five of eight";
}

TEST_F(EngineTest, BeginsRequestsInTheOrderOfSubmission) {
  ScriptedWire wire([](const Request&) { return answer(200); });
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  for (const char* target : {"/c", "/a", "/b"}) submit(engine, get(target));
  engine.run();
  ASSERT_EQ(wire.starts.size(), 3U);
  EXPECT_EQ(wire.starts[0].target, "/c");
  EXPECT_EQ(wire.starts[1].target, "/a");
  EXPECT_EQ(wire.starts[2].target, "/b");
}

TEST_F(EngineTest, LetsACompletionSubmitTheNextRequest) {
  ScriptedWire wire([](const Request&) { return answer(200); });
  Engine engine = this->engine(wire);
  engine.submit(get("/page1"), [&](const Outcome&) { submit(engine, get("/page2")); });
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/page2")), 200);
}

TEST_F(EngineTest, TriesATransientFailureThreeTimesInAll) {
  ScriptedWire wire(
      [](const Request& request) { return request.target == "/gone" ? unreachable() : answer(503); });
  Engine engine = this->engine(wire);
  submit(engine, get("/gone"));
  submit(engine, get("/busy"));
  engine.run();
  EXPECT_EQ(wire.starts.size(), 6U);
  EXPECT_EQ(failure("/gone").kind, FailureKind::unreachable);
  EXPECT_EQ(status_of(outcomes.at("/busy")), 503);
  const PeerCounts& counts = engine.counts(PeerId::buildkite);
  EXPECT_EQ(counts.requests, 6U);
  EXPECT_EQ(counts.retries, 4U);
  EXPECT_EQ(counts.failures, 3U);
  EXPECT_EQ(counts.answers, (std::map<int, std::uint64_t>{{503, 3}}));
}

TEST_F(EngineTest, DeliversTheAnswerThatARetryGets) {
  int attempts = 0;
  ScriptedWire wire([&](const Request&) { return ++attempts == 1 ? unreachable(true) : answer(204); });
  Engine engine = this->engine(wire);
  submit(engine, post("/status"));
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/status")), 204);
}

TEST_F(EngineTest, DoesNotRepeatWhatRepeatingCannotMend) {
  ScriptedWire wire([](const Request& request) {
    if (request.target != "/wrong") return answer(std::stoi(request.target.substr(1)));
    return Reply{10ms, Failure{FailureKind::not_the_api, false, "certificate"}};
  });
  Engine engine = this->engine(wire);
  for (const char* target : {"/400", "/401", "/403", "/404", "/409", "/501", "/wrong"})
    submit(engine, get(target));
  engine.run();
  EXPECT_EQ(wire.starts.size(), 7U);
}

TEST_F(EngineTest, SpendsAtMostATenthOfTheRequestsOnRetries) {
  ScriptedWire wire([](const Request&) { return answer(500); });
  Engine engine = this->engine(wire);
  for (int i = 0; i < 1000; ++i) submit(engine, post("/" + std::to_string(i)));
  engine.run();
  EXPECT_EQ(outcomes.size(), 1000U);
  EXPECT_LE(engine.counts(PeerId::bitbucket).retries, engine.counts(PeerId::bitbucket).requests / 10 + 1);
  EXPECT_GE(engine.counts(PeerId::bitbucket).retries, 90U);
}

TEST_F(EngineTest, PausesThePeerThatAsksForItAndLetsTheOtherGoOn) {
  bool refused = false;
  ScriptedWire wire([&](const Request& request) {
    if (request.peer == PeerId::bitbucket && !std::exchange(refused, true)) {
      return answer(429, {{"Retry-After", "30"}});
    }
    return answer(200);
  });
  Engine engine = this->engine(wire, {.parallel = {2, 2}});
  for (int i = 0; i < 20; ++i) {
    submit(engine, get("/a" + std::to_string(i)));
    submit(engine, post("/b" + std::to_string(i)));
  }
  engine.run();
  for (const auto& [target, outcome] : outcomes) EXPECT_EQ(status_of(outcome), 200) << target;
  for (const auto& start : wire.starts) {
    if (start.peer == PeerId::buildkite) {
      EXPECT_LT(start.at, 2s) << start.target;
    } else {
      EXPECT_TRUE(start.at == 1s || start.at >= 31s) << start.target << " during the pause";
    }
  }
  EXPECT_EQ(engine.counts(PeerId::bitbucket).retries, 0U) << "a pause is no retry";
}

TEST_F(EngineTest, ComesBackFromAPauseWithOneRequestAndGrows) {
  int attempts = 0;
  ScriptedWire wire([&](const Request&) {
    return ++attempts <= 4 ? answer(429, {{"Retry-After", "30"}}) : answer(200);
  });
  Engine engine = this->engine(wire, {.parallel = {4, 4}});
  for (int i = 0; i < 20; ++i) submit(engine, post("/" + std::to_string(i)));
  engine.run();
  std::map<Steady, int> begun;
  for (const auto& start : wire.starts) ++begun[start.at];
  std::vector<int> rounds;
  for (const auto& [at, count] : begun) rounds.push_back(count);
  ASSERT_GE(rounds.size(), 5U);
  EXPECT_EQ(std::vector<int>(rounds.begin(), rounds.begin() + 4), (std::vector<int>{4, 1, 2, 4}));
  EXPECT_EQ(outcomes.size(), 20U);
}

TEST_F(EngineTest, WaitsForTheQuotaInsteadOfProvokingARefusal) {
  int left = 3;
  Steady refill{0};
  ScriptedWire* clock = nullptr;
  ScriptedWire wire([&](const Request&) {
    if (clock->now() >= refill) {
      left = 3;
      refill = clock->now() + 60s;
    }
    if (left == 0) return answer(429, {{"RateLimit-User-Remaining", "0"}, {"RateLimit-User-Reset", "60"}});
    --left;
    return answer(200, {{"RateLimit-User-Remaining", std::to_string(left)},
                        {"RateLimit-User-Limit", "3"},
                        {"RateLimit-User-Reset", "60"},
                        {"RateLimit-Remaining", "150"},
                        {"RateLimit-Limit", "200"},
                        {"RateLimit-Reset", "60"}});
  });
  clock = &wire;
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  for (int i = 0; i < 9; ++i) submit(engine, get("/" + std::to_string(i)));
  engine.run();
  EXPECT_EQ(engine.counts(PeerId::buildkite).answers, (std::map<int, std::uint64_t>{{200, 9}}));
  EXPECT_GE(wire.now(), 1s + 120s);
  EXPECT_EQ(engine.quota(PeerId::buildkite).user.limit, 3);
  EXPECT_EQ(engine.quota(PeerId::buildkite).organization.remaining, 150);
}

TEST_F(EngineTest, CountsWhatIsUnderWayAsSpentQuota) {
  ScriptedWire wire([](const Request&) {
    return answer(200, {{"RateLimit-User-Remaining", "5"}, {"RateLimit-Remaining", "1"}});
  });
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  Quota left;
  engine.submit(get("/first"), [&](const Outcome&) {
    submit(engine, get("/second"));
    submit(engine, get("/third"));
    left = engine.quota(PeerId::buildkite);
  });
  engine.run();
  EXPECT_EQ(left.user.remaining, 3);
  EXPECT_EQ(left.organization.remaining, 0);
  EXPECT_EQ(engine.quota(PeerId::buildkite).user.remaining, 5);
}

TEST_F(EngineTest, SendsNoMoreSideBySideThanTheQuotaHasLeft) {
  ScriptedWire wire([](const Request&) { return answer(200, {{"RateLimit-User-Remaining", "2"}}); });
  Engine engine = this->engine(wire, {.parallel = {8, 8}});
  engine.submit(get("/first"), [&](const Outcome&) {
    for (int i = 0; i < 8; ++i) submit(engine, get("/" + std::to_string(i)));
  });
  engine.run();
  EXPECT_EQ(outcomes.size(), 8U);
  EXPECT_EQ(wire.most_in_flight[0], 2);
}

TEST_F(EngineTest, ReadsTheWaitOfBuildkitesRefusalFromTheBucketItNames) {
  int attempts = 0;
  ScriptedWire wire([&](const Request&) {
    if (++attempts > 1) return answer(200);
    return answer(429, {{"RateLimit-Reset", "5"}, {"RateLimit-User-Reset", "42"}},
                  R"({"message":"slow down","scope":"rest_user","limit":50,"current":55,"reset":42})");
  });
  Engine engine = this->engine(wire);
  submit(engine, get("/"));
  engine.run();
  EXPECT_GE(wire.starts.at(1).at, 1s + 42s);
  EXPECT_LE(wire.starts.at(1).at, 1s + 48s);
}

TEST_F(EngineTest, KeepsAllItsTriesThroughPauses) {
  int attempts = 0;
  ScriptedWire wire([&](const Request&) {
    ++attempts;
    if (attempts <= 5) return answer(429, {{"Retry-After", "1"}});
    return attempts <= 7 ? answer(503) : answer(204);
  });
  Engine engine = this->engine(wire);
  submit(engine, post("/"));
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/")), 204);
}

TEST_F(EngineTest, EndsEvenWithoutDeadlineWhenAPeerOnlyEverAsksToWait) {
  ScriptedWire wire([](const Request&) { return answer(429, {{"Retry-After", "1"}}); });
  Engine engine = this->engine(wire);
  submit(engine, get("/"));
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/")), 429);
}

TEST_F(EngineTest, KeepsTheNewestDateOfAPeer) {
  ScriptedWire wire([](const Request& request) { return answer(200, {{"Date", request.target.substr(1)}}); });
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  for (const char* date : {"Sun, 06 Nov 2022 08:49:37 GMT", "Sun, 06 Nov 2022 08:49:36 GMT",
                           "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday, more or less"}) {
    submit(engine, get(std::string("/") + date));
  }
  EXPECT_EQ(engine.date(PeerId::buildkite), std::nullopt);
  engine.run();
  EXPECT_EQ(engine.date(PeerId::buildkite), parse_http_date("Sun, 06 Nov 2022 08:49:37 GMT"));
  EXPECT_EQ(engine.date(PeerId::bitbucket), std::nullopt);
}

}  // namespace
}  // namespace connector::http
