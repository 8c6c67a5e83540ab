// Surroundings that somebody made odd or hostile: streams, limits, environment, clock. A pass does its work
// in them or ends as documented, and the next one makes all of it good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "end_to_end/crash_world.hh"
#include "end_to_end/stopped_pass.hh"
#include "support/sanitized.hh"

namespace connector {
namespace {

using support::CrashWorld;
using support::StoppedPass;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// No message may get into a file that was opened in the place of a stream.
void expect_files_without_messages(const CrashWorld& world) {
  for (const std::string& path : {world.program.state_file(), world.program.state_file() + ".lock"})
    EXPECT_THAT(support::read_file(path), Not(HasSubstr("level="))) << path;
}

class ClosedStreams : public testing::TestWithParam<const char*> {};

TEST_P(ClosedStreams, GetNoFileInTheirPlaceThatMessagesGoInto) {
  CrashWorld world;
  const std::string closed = std::string("exec \"$0\" -vv --json ") + GetParam();
  world.program.peers.buildkite_faults.always(support::answer_status(401));
  EXPECT_EQ(world.program.run_in_shell(closed).exit_status, 77);
  world.expect_whole_state();
  expect_files_without_messages(world);
  world.program.peers.buildkite_faults.clear();
  EXPECT_EQ(world.program.run_in_shell(closed).exit_status, 0);
  EXPECT_EQ(world.posts(), 4U);
  expect_files_without_messages(world);
  world.expect_recovery();
}

INSTANTIATE_TEST_SUITE_P(Each, ClosedStreams,
                         testing::Values("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-",
                                         "<&- >&- 2>&-"));

TEST(FullDisk, UnderStandardOutputIsToldAndIsNoSuccess) {
  CrashWorld world;
  const auto pass = world.program.run_in_shell("exec \"$0\" --json >/dev/full");
  EXPECT_EQ(pass.exit_status, 74);
  EXPECT_THAT(pass.err, HasSubstr("cannot write to standard output: No space left on device"));
  EXPECT_EQ(world.posts(), 4U) << "the work is done all the same";
  for (const char* action : {"--help", "--version", "--print-config", "-n", "--check=offline"}) {
    const auto result = world.program.run_in_shell(std::string("exec \"$0\" ") + action + " >/dev/full");
    EXPECT_EQ(result.exit_status, 74) << action;
    EXPECT_THAT(result.err, HasSubstr("standard output")) << action;
  }
  world.expect_recovery();
}

TEST(FullDisk, UnderStandardErrorChangesNoExitStatus) {
  CrashWorld world;
  world.program.peers.buildkite_faults.always(support::answer_status(401));
  EXPECT_EQ(world.program.run_in_shell("exec \"$0\" 2>/dev/full").exit_status, 77);
  world.program.peers.buildkite_faults.clear();
  world.expect_recovery();
}

TEST(Reader, WhoLeavesChangesNoExitStatus) {
  CrashWorld world;
  const auto result = world.program.run_in_shell(
      "cd \"$(dirname \"$CONNECTOR_STATE\")\"; mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; rm pipe\n"
      "exec env --default-signal=PIPE \"$0\" --json >&4");
  EXPECT_EQ(result.exit_status, 0) << result.err << result.signal;
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

/// Something done to the process before it starts, in a shell.
struct Surrounding {
  const char* name;
  const char* script;  ///< what comes before "$0"
};

void PrintTo(const Surrounding& surrounding, std::ostream* out) {
  *out << surrounding.name;
}

class OddSurroundings : public testing::TestWithParam<Surrounding> {};

TEST_P(OddSurroundings, KeepNoPassFromItsWork) {
  if (support::sanitized && std::string_view(GetParam().name) == "WithASmallStack")
    GTEST_SKIP() << "AddressSanitizer needs more of it";
  CrashWorld world;
  const auto result = world.program.run_in_shell(std::string(GetParam().script) + " \"$0\"");
  EXPECT_EQ(result.exit_status, 0) << result.err << result.signal;
  EXPECT_EQ(result.out + result.err, "");
  EXPECT_EQ(world.posts(), 4U);
  struct stat facts {};
  ASSERT_EQ(::stat(world.program.state_file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
  world.expect_recovery();
}

constexpr Surrounding surroundings[] = {
    {"WithoutHome", "unset HOME; exec"},
    {"WithAHomeThatIsNone", "export HOME=/dev/null; exec"},
    {"WithARelativeHome", "export HOME=.; exec"},
    {"WithOpenHands", "umask 0; exec"},
    {"WithClosedHands", "umask 0777; exec"},
    {"InAnotherTimeZone", "export TZ=Pacific/Kiritimati; exec"},
    {"InNoTimeZone", "export TZ=:/etc/passwd; exec"},
    {"InATurkishLocale", "export LC_ALL=tr_TR.UTF-8 LANGUAGE=tr; exec"},
    {"InNoLocale", "export LC_ALL=xx_XX LANG=$(head -c 5000 /dev/zero | tr '\\0' x); exec"},
    {"WithLowPriority", "exec nice -n 19"},
    {"WithASmallStack", "ulimit -s 256; exec"},
    {"WithSignalsThatAreIgnored", "trap '' HUP INT TERM PIPE CHLD USR1 XFSZ; exec"},
    {"WithALargeEnvironment", "export X=$(head -c 100000 /dev/zero | tr '\\0' x); exec"},
    {"InADirectoryThatIsGone", "d=$(mktemp -d); cd \"$d\"; rmdir \"$d\"; exec"},
    {"WithInputThatNeverEnds", "exec </dev/zero; exec"},
};

INSTANTIATE_TEST_SUITE_P(Each, OddSurroundings, testing::ValuesIn(surroundings),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PlaceForTheState, ThatIsNoneIsNamed) {
  support::Program program;
  program.environment.erase("CONNECTOR_STATE");
  for (const char* variable : {"XDG_STATE_HOME", "STATE_DIRECTORY"}) {
    program.environment[variable] = "/dev/null";
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 73) << variable;
    EXPECT_THAT(result.err, HasSubstr("/dev/null")) << variable;
    program.environment.erase(variable);
  }
  EXPECT_EQ(program.posts(), 0U);
}

class WrongClock : public testing::TestWithParam<const char*> {};

TEST_P(WrongClock, ChangesNothingThatIsPosted) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer and faketime do not go together";
  CrashWorld world;
  const auto result = world.program.run_in_shell(
      std::string("FAKETIME_DONT_FAKE_MONOTONIC=1 exec faketime -f '") + GetParam() + "' \"$0\"");
  if (result.exit_status == 127) GTEST_SKIP() << "faketime is not installed";
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

// Years away, and running so fast that the clock of the wall jumps by minutes within the pass. The one that
// only measures is right, else every answer would be too slow.
INSTANTIATE_TEST_SUITE_P(Each, WrongClock, testing::Values("-10y", "+10y", "+0 x3000", "-30y x0.01"));

TEST(Hangup, EndsThePassAndLosesNothing) {
  std::signal(SIGHUP, SIG_DFL);  // nohup would have the pass ignore it
  for (const bool posting : {false, true}) {
    CrashWorld world;
    auto& peers = world.program.peers;
    StoppedPass pass(world, posting ? peers.bitbucket_faults : peers.buildkite_faults);
    pass.process().send_signal(SIGHUP);
    EXPECT_EQ(pass.go_on().signal, SIGHUP);
    world.expect_whole_state();
    world.expect_recovery();
  }
}

// The wait lets the deadline go by while nothing of the pass runs.
TEST(StoppedPass, ThatGoesOnAfterItsDeadlineBeginsNothingMore) {
  CrashWorld world;
  world.program.environment["CONNECTOR_DEADLINE"] = "1s";
  StoppedPass pass(world, world.program.peers.buildkite_faults);
  std::this_thread::sleep_for(2s);
  const auto result = pass.go_on();
  EXPECT_THAT(result.exit_status, AnyOf(0, 75)) << result.err;
  world.expect_whole_state();
  world.program.environment.erase("CONNECTOR_DEADLINE");
  world.expect_recovery();
}

}  // namespace
}  // namespace connector
