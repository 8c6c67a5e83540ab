// A pass killed at every call on files, descriptors and sockets from the lock on, one pass per call, and at
// random moments: the next pass makes everything right.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "end_to_end/crash_world.hh"
#include "end_to_end/tracing.hh"

namespace connector {
namespace {

using support::crash_at_each;
using support::CrashWorld;

// How often each call is made before the pass takes its lock.
std::map<std::string, int> calls_of_the_start(const std::vector<std::string>& calls) {
  std::map<std::string, int> counts;
  const auto lock = std::find(calls.begin(), calls.end(), "flock");
  std::for_each(calls.begin(), lock, [&](const std::string& call) { ++counts[call]; });
  std::for_each(lock, calls.end(), [&](const std::string& call) { counts.try_emplace(call, 0); });
  return counts;
}

TEST(CrashLoop, AtEveryCallLosesAndDoublesNothing) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  CrashWorld world;
  int crashes = 0;
  for (const auto& [call, before] : calls_of_the_start(support::trace_calls(world.program))) {
    const int more = crash_at_each(call, before + 1);
    std::cout << call << ' ' << more << '\n';
    crashes += more;
    if (HasFailure()) return;
  }
  EXPECT_GT(crashes, 100);
}

std::chrono::microseconds time_of_a_pass() {
  CrashWorld world;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(world.program.run().exit_status, 0);
  return std::chrono::ceil<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
}

// The wait is no wait for anything: it makes the moment of death random. A failure names the seed.
TEST(CrashLoop, AtRandomMomentsLosesAndDoublesNothing) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int64_t> moment(0, time_of_a_pass().count());
  constexpr int rounds = 1000;
  int killed = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    CrashWorld world;
    const auto pass = world.program.start();
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    pass->send_signal(SIGKILL);
    if (pass->wait(std::chrono::seconds{10}).signal == SIGKILL) ++killed;
    world.expect_whole_state();
    world.expect_recovery();
  }
  EXPECT_GT(killed, 0);
  std::cout << killed << " of " << rounds << " passes were killed before their end\n";
}

}  // namespace
}  // namespace connector
