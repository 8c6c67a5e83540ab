// Passes that meet: one works, the others leave it alone or say why it should be looked at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "end_to_end/crash_world.hh"
#include "end_to_end/stopped_pass.hh"
#include "end_to_end/tracing.hh"
#include "support/pattern.hh"
#include "support/terminal.hh"

namespace connector {
namespace {

using support::CrashWorld;
using support::StoppedPass;
using testing::HasSubstr;
using namespace std::chrono_literals;

std::string lock_of(const CrashWorld& world) {
  return world.program.state_file() + ".lock";
}

// The pass that holds the lock then looks as if it had started ten years ago.
void age_holder(const CrashWorld& world) {
  const std::string record = support::read_file(lock_of(world));
  support::write_file(lock_of(world), support::replaced(record, R"("started":"20\d)", R"("started":"201)"));
}

TEST(Lock, LetsTwentyPassesAtOncePostEverythingExactlyOnce) {
  CrashWorld world;
  std::vector<std::unique_ptr<support::Process>> passes;
  for (int i = 0; i < 20; ++i) passes.push_back(world.program.start());
  for (const auto& pass : passes) {
    const auto result = pass->wait(30s);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
  }
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

TEST(Lock, HeldByAYoungPassEndsInSilenceWithoutARequest) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  const auto second = world.program.run();
  EXPECT_EQ(second.exit_status, 0);
  EXPECT_EQ(second.out + second.err, "");
  const auto result = first.go_on();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

TEST(Lock, HeldByAPassThatHangsIsToldWithItsPidAndAge) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  age_holder(world);
  const auto second = world.program.run();
  EXPECT_EQ(second.exit_status, 75);
  EXPECT_THAT(second.err,
              HasSubstr("process " + std::to_string(first.process().pid()) + ", has held the lock"));
  EXPECT_THAT(second.err, testing::ContainsRegex("for [0-9]+ d")) << "the age";
  EXPECT_EQ(world.posts(), 0U);
  const auto result = first.go_on();
  EXPECT_EQ(result.exit_status, 0) << "a pass that goes on does its work: " << result.err;
  world.expect_recovery();
}

TEST(Lock, HeldForAnotherOrganizationIsRefused) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  world.program.environment["BUILDKITE_ORGANIZATION"] = "umbrella";
  const auto second = world.program.run({"--reset-state"});
  EXPECT_EQ(second.exit_status, 65);
  EXPECT_THAT(second.err, HasSubstr("in use by process " + std::to_string(first.process().pid())));
  EXPECT_EQ(first.go_on().exit_status, 0);
  world.program.environment["BUILDKITE_ORGANIZATION"] = "acme-inc";
  world.expect_recovery();
}

TEST(Lock, OfAKilledPassIsFreeAtOnce) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  first.process().send_signal(SIGKILL);
  EXPECT_EQ(first.go_on().signal, SIGKILL);
  world.expect_recovery();
}

TEST(Lock, ThatIsWaitedForIsToldOnceToWhoeverWatches) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  const std::string holder =
      "waits for another pass, process " + std::to_string(first.process().pid()) + ", at work since 20";
  support::Environment environment = world.program.environment;
  environment["TERM"] = "xterm";
  environment["PATH"] = "/usr/bin:/bin";
  const std::string connector = std::getenv("CONNECTOR");
  support::Terminal terminal({connector, "--since", "1h"}, environment);
  support::Terminal log({"/bin/sh", "-c", "\"$0\" --since 1h --verbose 2>&1 | cat", connector}, environment);
  const auto unwatched = world.program.start({"--since", "1h"});
  EXPECT_TRUE(terminal.waits_for(holder)) << terminal.written();
  EXPECT_TRUE(log.waits_for("level=info msg=\"" + holder)) << log.written();
  EXPECT_EQ(first.go_on().exit_status, 0);
  EXPECT_EQ(terminal.finish(), 0);
  EXPECT_EQ(terminal.written().find(holder), terminal.written().rfind(holder)) << terminal.written();
  EXPECT_EQ(log.finish(), 0);
  EXPECT_EQ(unwatched->wait(30s).err, "");
}

TEST(Lock, ThatCheckWaitsForIsTold) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  world.program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  support::Environment environment = world.program.environment;
  support::Terminal terminal({std::getenv("CONNECTOR"), "--check"}, environment);
  EXPECT_TRUE(terminal.waits_for("ok       state: waits for another pass, process ")) << terminal.written();
  EXPECT_EQ(first.go_on().exit_status, 0);
  EXPECT_TRUE(terminal.waits_for("noted for passes, refusal 1 of this login")) << terminal.written();
  EXPECT_EQ(terminal.finish(), 77);
}

// Two passes at work could each save over what the other did.
TEST(Lock, ThatWasRemovedKeepsThePassFromPostingAndSaving) {
  CrashWorld world;
  StoppedPass first(world, world.program.peers.buildkite_faults);
  std::filesystem::remove(lock_of(world));
  const auto second = world.program.run();
  EXPECT_EQ(second.exit_status, 0) << second.err;
  EXPECT_EQ(world.posts(), 4U);
  const std::string saved = support::read_file(world.program.state_file());
  const auto result = first.go_on();
  EXPECT_EQ(result.exit_status, 75);
  EXPECT_THAT(result.err, HasSubstr("was removed while this pass held it"));
  EXPECT_EQ(world.posts(), 4U);
  EXPECT_EQ(support::read_file(world.program.state_file()), saved);
  world.expect_recovery();
}

// Between opening and locking the file somebody may remove it; what is locked then is nobody else's lock.
TEST(Lock, OfARemovedFileIsNotTakenForTheLock) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  CrashWorld world;
  // Of the three looks at the file in each attempt, the last goes by its name.
  const auto result = support::run_traced(world.program, {"inject=newfstatat:error=ENOENT:when=3+3"},
                                          "$CONNECTOR_STATE.lock");
  EXPECT_EQ(result.exit_status, 74);
  EXPECT_THAT(result.err, HasSubstr("removed again and again"));
  EXPECT_EQ(world.posts(), 0U);
  world.expect_recovery();
}

}  // namespace
}  // namespace connector
