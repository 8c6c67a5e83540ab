// What the system may do to a process: closed or stuck streams, signals, an empty environment, small limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>

#include "end_to_end/crash_world.hh"
#include "end_to_end/stopped_pass.hh"
#include "end_to_end/tracing.hh"
#include "support/sanitized.hh"

namespace connector {
namespace {

using support::CrashWorld;
using support::StoppedPass;
using testing::HasSubstr;

TEST(Streams, ThatAreClosedReceiveNothingAndHarmNothing) {
  CrashWorld world;
  const std::string closed = "exec \"$0\" <&- >&- 2>&-";
  world.program.peers.buildkite_faults.always(support::answer_status(500));
  EXPECT_EQ(world.program.run_in_shell(closed).exit_status, 75);
  EXPECT_EQ(support::read_file(world.program.state_file() + ".lock").find("level="), std::string::npos)
      << "messages went into the file that was opened in their place";
  world.program.peers.buildkite_faults.clear();
  EXPECT_EQ(world.program.run_in_shell(closed).exit_status, 0);
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

TEST(Streams, ThatNobodyReadsAnyMoreChangeNoExitStatus) {
  CrashWorld world;
  // Descriptor 4 is the write end of a pipe whose read end is closed.
  const std::string broken =
      "cd \"$(dirname \"$CONNECTOR_STATE\")\"; mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; rm pipe\n"
      "exec env --default-signal=PIPE \"$0\" >&4 2>&4 ";
  world.program.peers.buildkite_faults.always(support::answer_status(500));
  EXPECT_EQ(world.program.run_in_shell(broken).exit_status, 75);
  world.program.peers.buildkite_faults.clear();
  EXPECT_EQ(world.program.run_in_shell(broken + "--no-such-option").exit_status, 64);
  EXPECT_EQ(world.program.run_in_shell(broken + "--help").exit_status, 0);
  world.expect_recovery();
}

TEST(Streams, ThatAreFullDoNotHoldUpThePass) {
  CrashWorld world;
  world.program.peers.buildkite_faults.always(support::answer_status(500));
  const auto result = world.program.run_in_shell(
      "cd \"$(dirname \"$CONNECTOR_STATE\")\"; mkfifo pipe; exec 3<>pipe\n"
      "dd if=/dev/zero of=pipe oflag=nonblock bs=4096 2>/dev/null\n"
      "exec \"$0\" 2>&3");
  EXPECT_EQ(result.exit_status, 75) << "timed out: " << result.timed_out;
  world.program.peers.buildkite_faults.clear();
  world.expect_recovery();
}

struct Stop {
  const char* name;
  int signal;
  int exit_status;
};

class StopSignals : public testing::TestWithParam<Stop> {};

TEST_P(StopSignals, EndThePassWithASavedStateAndTheirStatus) {
  for (const bool posting : {false, true}) {
    CrashWorld world;
    auto& peers = world.program.peers;
    StoppedPass pass(world, posting ? peers.bitbucket_faults : peers.buildkite_faults);
    pass.process().send_signal(GetParam().signal);
    const auto result = pass.go_on();
    EXPECT_EQ(result.exit_status, GetParam().exit_status) << result.err;
    EXPECT_LE(world.posts(), posting ? 4U : 0U);
    world.expect_whole_state();
    EXPECT_EQ(world.temporaries(), 0);
    world.expect_recovery();
  }
}

INSTANTIATE_TEST_SUITE_P(Each, StopSignals,
                         testing::Values(Stop{"Interrupt", SIGINT, 130}, Stop{"Terminate", SIGTERM, 143}),
                         [](const auto& stop) { return std::string(stop.param.name); });

TEST(Signals, ThatInterruptEveryCallChangeNothing) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  CrashWorld world;
  const auto result = support::run_traced(
      world.program,
      {"trace=poll,sendto,recvfrom,flock,fsync,ftruncate,fallocate,write,pwrite64",
       "inject=poll,sendto,recvfrom,flock,fsync,ftruncate,fallocate,write,pwrite64:error=EINTR:when=1+2"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

TEST(Signals, ThatInterruptTheOpeningAndReadingOfTheStateChangeNothing) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  for (const char* path : {"$CONNECTOR_STATE", "$CONNECTOR_STATE.lock", "$CONNECTOR_STATE.tmp-$$"}) {
    CrashWorld world;
    const auto result = support::run_traced(world.program, {"inject=openat,read:error=EINTR:when=1+2"}, path);
    EXPECT_EQ(result.exit_status, 0) << path << ": " << result.err;
    EXPECT_EQ(result.err, "");
    world.expect_recovery();
  }
}

TEST(Surroundings, MayBeAnEmptyEnvironment) {
  CrashWorld world;
  const auto result = world.program.run_in_shell("exec env -i \"$0\"");
  EXPECT_EQ(result.exit_status, 78);
  EXPECT_THAT(result.err, HasSubstr("BUILDKITE_API_TOKEN"));
}

TEST(Surroundings, MayBeADeletedDirectory) {
  CrashWorld world;
  const std::string lost =
      "cd \"$(dirname \"$CONNECTOR_STATE\")\" && mkdir gone && cd gone && rmdir ../gone && ";
  const auto relative = world.program.run_in_shell(lost + "exec \"$0\" --state=state.json");
  EXPECT_EQ(relative.exit_status, 73) << relative.err;
  EXPECT_THAT(relative.err, HasSubstr("state.json"));
  EXPECT_EQ(world.posts(), 0U);
  EXPECT_EQ(world.program.run_in_shell(lost + "exec \"$0\"").exit_status, 0);
  EXPECT_EQ(world.posts(), 4U);
  world.expect_recovery();
}

// Ends with one of these and a message, or does its work.
void expect_clean_end(CrashWorld& world, const support::ProcessResult& result,
                      const std::set<int>& statuses) {
  EXPECT_EQ(result.signal, 0) << result.err;
  EXPECT_TRUE(statuses.contains(result.exit_status)) << result.exit_status << ": " << result.err;
  EXPECT_NE(result.exit_status == 0, result.err.empty() == false) << result.err;
  world.expect_whole_state();
}

TEST(Limits, OfOpenFilesEndInAMessageAndLoseNothing) {
  if (support::sanitized)
    GTEST_SKIP() << "UndefinedBehaviorSanitizer needs files to tell good pointers from bad ones";
  CrashWorld world;
  for (int files = 4; files <= 16; ++files) {
    SCOPED_TRACE(std::to_string(files) + " files");
    const auto result = world.program.run_in_shell("ulimit -n " + std::to_string(files) + "; exec \"$0\"");
    expect_clean_end(world, result, {0, 70, 73, 74, 75});
  }
  world.program.peers.organization.advance(std::chrono::hours{1});
  world.expect_recovery();
}

TEST(Limits, OfMemoryEndInAMessageAndLoseNothing) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer needs the whole address space";
  CrashWorld world;
  const auto with_memory = [&](int kilobytes) {
    return world.program.run_in_shell("ulimit -v " + std::to_string(kilobytes) + "; exec \"$0\"");
  };
  int kilobytes = 4096;
  while (kilobytes < 1 << 20 && with_memory(kilobytes).exit_status != 0) kilobytes += 2048;
  // Below that, the loader and then the C++ runtime, which wants room for exceptions, get to their end first.
  constexpr int loader_failed = 127;
  int out_of_memory = 0;
  for (bool starts = true; starts && kilobytes > 0; kilobytes -= 64) {
    SCOPED_TRACE(std::to_string(kilobytes) + " KiB");
    world.program.peers.organization.advance(std::chrono::minutes{1});
    const auto result = with_memory(kilobytes);
    starts = result.exit_status != loader_failed && result.signal != SIGABRT;
    if (starts) expect_clean_end(world, result, {0, 70, 74, 75});
    if (starts && result.exit_status != 0) ++out_of_memory;
    world.expect_whole_state();
  }
  EXPECT_GT(out_of_memory, 0);
  world.expect_recovery();
}

// Lets the processes that are started dump core, as far as this one may allow it.
class CoreDumps {
 public:
  CoreDumps() {
    ::getrlimit(RLIMIT_CORE, &before_);
    const rlimit most = {before_.rlim_max, before_.rlim_max};
    ::setrlimit(RLIMIT_CORE, &most);
  }
  CoreDumps(const CoreDumps&) = delete;
  CoreDumps& operator=(const CoreDumps&) = delete;
  ~CoreDumps() { ::setrlimit(RLIMIT_CORE, &before_); }

  [[nodiscard]] bool possible() const { return before_.rlim_max != 0; }

 private:
  rlimit before_{};
};

TEST(Credentials, AreInNoCoreDump) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer has its own end for a bad access";
  const CoreDumps allowed;
  if (!allowed.possible()) GTEST_SKIP() << "core dumps are forbidden here anyway";
  CrashWorld world;
  StoppedPass pass(world, world.program.peers.buildkite_faults);
  pass.process().send_signal(SIGSEGV);
  const auto result = pass.go_on();
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_FALSE(result.dumped_core);
  world.expect_recovery();
}

}  // namespace
}  // namespace connector
