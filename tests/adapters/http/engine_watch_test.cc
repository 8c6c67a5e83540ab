// What the engine lets those see who watch a pass.
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "adapters/http/engine_fixture.hh"
#include "support/scripted_wire.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::answer;
using support::ScriptedWire;

TEST_F(EngineTest, ShowsItselfBeforeEachWaitForTheNetwork) {
  ScriptedWire wire([](const Request&) { return answer(204); });
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  for (const auto* target : {"/1", "/2", "/3"}) submit(engine, post(target));
  std::vector<std::size_t> completed;
  engine.run([&] { completed.push_back(outcomes.size()); });
  EXPECT_EQ(completed, (std::vector<std::size_t>{0, 1, 2}));
}

TEST_F(EngineTest, TellsHowLongAPeerWantsToBeLeftAlone) {
  ScriptedWire wire([&](const Request& request) {
    const bool refused = request.peer == PeerId::buildkite && wire.starts.size() < 3;
    return refused ? answer(429, {{"Retry-After", "30"}}) : answer(200);
  });
  Engine engine = this->engine(wire, {.parallel = {1, 1}});
  submit(engine, get("/builds"));
  submit(engine, post("/status"));
  Steady longest{0};
  engine.run([&] {
    longest = std::max(longest, engine.wait_left(PeerId::buildkite));
    EXPECT_EQ(engine.wait_left(PeerId::bitbucket), 0s) << "of which nobody asked it";
  });
  EXPECT_GE(longest, 30s);
  EXPECT_LE(longest, 45s);
}

TEST_F(EngineTest, WaitsForNobodyWhenItHasNothingMoreToAsk) {
  ScriptedWire wire([](const Request&) {
    return answer(200, {{"RateLimit-Remaining", "0"}, {"RateLimit-Limit", "200"}, {"RateLimit-Reset", "60"}});
  });
  Engine engine = this->engine(wire);
  submit(engine, get("/last"));
  engine.run();
  EXPECT_EQ(engine.wait_left(PeerId::buildkite), 0s);
  submit(engine, get("/one-more"));
  EXPECT_GE(engine.wait_left(PeerId::buildkite), 60s);
}

}  // namespace
}  // namespace connector::http
