// How the engine ends: deadline, stop, grace, and every request accounted for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <variant>

#include "adapters/http/engine_fixture.hh"
#include "support/scripted_wire.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::answer;
using support::Reply;
using support::ScriptedWire;
using support::silence;
using support::unreachable;
using testing::HasSubstr;

TEST_F(EngineTest, BeginsNoWaitBeyondTheDeadline) {
  ScriptedWire wire([](const Request&) { return answer(429, {{"Retry-After", "3600"}}); });
  Engine engine = this->engine(wire, {.deadline = 50s, .parallel = {1, 1}});
  submit(engine, post("/first?token=none"));
  submit(engine, post("/second?page=2"));
  engine.run();
  EXPECT_LT(wire.now(), 2s) << "known at once";
  EXPECT_EQ(status_of(outcomes.at("/first?token=none")), 429);
  const Failure second = failure("/second?page=2");
  EXPECT_EQ(second.kind, FailureKind::not_begun);
  EXPECT_FALSE(second.may_have_arrived);
  EXPECT_THAT(second.text, HasSubstr("Bitbucket asks us to wait for "));
  EXPECT_THAT(second.text, HasSubstr("/second: "));
}

TEST_F(EngineTest, LetsAFailureStandAtOnceWhoseRetryWouldPassTheDeadline) {
  ScriptedWire wire([](const Request&) { return answer(500); });
  Engine engine = this->engine(wire, {.deadline = 1012ms});
  submit(engine, get("/"));
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/")), 500);
  EXPECT_EQ(wire.now(), 1010ms);
}

TEST_F(EngineTest, EndsAtTheDeadlineAndGivesWhatIsInFlightTheGrace) {
  ScriptedWire wire([](const Request& request) {
    if (request.target == "/slow") return Reply{10s, answer(200).outcome};
    return silence();
  });
  Engine engine = this->engine(wire, {.deadline = 10s, .grace = 2s, .parallel = {1, 2}});
  submit(engine, get("/silent"));
  submit(engine, post("/posted"));
  submit(engine, post("/slow"));
  submit(engine, post("/waiting"));
  EXPECT_TRUE(engine.accepting());
  engine.run();
  EXPECT_FALSE(engine.accepting());
  EXPECT_EQ(wire.now(), 12s);
  EXPECT_EQ(wire.aborted, 2);
  EXPECT_EQ(status_of(outcomes.at("/slow")), 200) << "answered within the grace";
  EXPECT_EQ(failure("/silent").kind, FailureKind::unreachable);
  EXPECT_FALSE(failure("/silent").may_have_arrived) << "a read changes nothing";
  EXPECT_TRUE(failure("/posted").may_have_arrived);
  EXPECT_EQ(failure("/waiting").kind, FailureKind::not_begun);
  EXPECT_THAT(failure("/waiting").text, HasSubstr("deadline"));
}

/// A request that nobody waits for.
Request unawaited(const std::string& target) {
  Request request = get(target, PeerId::ping);
  request.awaited = false;
  return request;
}

TEST_F(EngineTest, EndsWithoutAnAnswerThatNobodyAwaits) {
  ScriptedWire wire([](const Request& request) { return request.awaited ? answer(200) : silence(); });
  Engine engine = this->engine(wire, {.deadline = 50s});
  submit(engine, unawaited("/start"));
  submit(engine, get("/"));
  engine.run();
  EXPECT_EQ(wire.now(), 1010ms);
  EXPECT_EQ(wire.starts.size(), 2U) << "it was sent all the same";
  EXPECT_EQ(outcomes.count("/start"), 0U);
}

TEST_F(EngineTest, TakesAnAnswerThatNobodyAwaitsWhileItWaitsForOthers) {
  ScriptedWire wire([](const Request& request) {
    return Reply{request.awaited ? 50ms : 70ms, answer(200).outcome};
  });
  Engine engine = this->engine(wire);
  submit(engine, unawaited("/start"));
  submit(engine, get("/first"));
  engine.run();
  EXPECT_EQ(outcomes.count("/start"), 0U);
  submit(engine, get("/second"));
  engine.run();
  EXPECT_EQ(status_of(outcomes.at("/start")), 200);
}

TEST_F(EngineTest, TriesOnceWhatNobodyAwaits) {
  for (const Reply& reply : {answer(503), answer(429, {{"Retry-After", "1"}}), unreachable()}) {
    ScriptedWire wire([&](const Request& request) {
      return request.awaited ? Reply{60s, answer(200).outcome} : reply;
    });
    Engine engine = this->engine(wire);
    submit(engine, unawaited("/start"));
    submit(engine, get("/"));
    engine.run();
    EXPECT_EQ(wire.starts.size(), 2U);
    EXPECT_EQ(outcomes.count("/start"), 1U);
    outcomes.clear();
  }
}

TEST_F(EngineTest, BeginsNothingAfterAStopAndLosesTrackOfNothing) {
  ScriptedWire wire([](const Request&) { return answer(204); });
  Engine engine = this->engine(wire);
  for (int i = 0; i < 1000; ++i) {
    engine.submit(post("/" + std::to_string(i)), [this, i](Outcome outcome) {
      if (i == 100) stop = true;
      outcomes.emplace(std::to_string(i), std::move(outcome));
    });
  }
  engine.run();
  ASSERT_EQ(outcomes.size(), 1000U);
  const auto delivered = std::count_if(outcomes.begin(), outcomes.end(),
                                       [](const auto& entry) { return status_of(entry.second) == 204; });
  EXPECT_EQ(static_cast<std::size_t>(delivered), wire.starts.size());
  EXPECT_LE(delivered, 120);
  for (const auto& [target, outcome] : outcomes) {
    if (status_of(outcome) == 204) continue;
    EXPECT_EQ(std::get<Failure>(outcome).kind, FailureKind::not_begun) << target;
  }
}

TEST_F(EngineTest, RefusesRequestsSubmittedAfterTheEnd) {
  ScriptedWire wire([](const Request&) { return answer(200); });
  Engine engine = this->engine(wire);
  stop = true;
  submit(engine, get("/"));
  engine.run();
  EXPECT_EQ(failure("/").kind, FailureKind::not_begun);
  EXPECT_TRUE(wire.starts.empty());
}

TEST_F(EngineTest, RemembersThatAPostMayHaveArrivedWhenItsRetryNeverBegins) {
  ScriptedWire wire([](const Request& request) {
    return request.target == "/" ? unreachable(true) : Reply{20ms, answer(204).outcome};
  });
  Engine engine = this->engine(wire);
  submit(engine, post("/"));
  engine.submit(post("/other"), [this](const Outcome&) { stop = true; });
  engine.run();
  EXPECT_EQ(wire.starts.size(), 2U) << "the retry was to come later than the stop";
  EXPECT_TRUE(failure("/").may_have_arrived);
}

TEST_F(EngineTest, QueuesNoRetryAfterAStop) {
  ScriptedWire wire([this](const Request&) {
    stop = true;
    return unreachable();
  });
  Engine engine = this->engine(wire);
  submit(engine, get("/"));
  engine.run();
  EXPECT_EQ(failure("/").kind, FailureKind::unreachable);
  EXPECT_EQ(engine.counts(PeerId::buildkite).retries, 0U);
}

}  // namespace
}  // namespace connector::http
