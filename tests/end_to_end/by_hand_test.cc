// Passes that somebody starts by hand: --since and --adopt.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::noon;
using support::Program;
using namespace std::chrono_literals;

TEST(Since, LooksBackFurtherThanThePassesDo) {
  Program program;
  program.environment["MONITOR_INITIAL_SEARCH_TIME"] = "1";
  program.peers.organization.add(
      program.a_build_of("web").number(1).commit(commit_named("old")).created(noon - 50h).passed());
  ASSERT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("old")), "");
  for (const std::string when : {"72h", "2026-01-13T00:00:00Z"}) {
    EXPECT_EQ(program.run({"--since", when}).exit_status, 0);
    EXPECT_EQ(program.shown("web", commit_named("old")), "SUCCESSFUL");
  }
  EXPECT_EQ(program.posts(), 1U) << "what was told is not told again";
}

TEST(Since, ReadsAllPagesHoweverManyThereAre) {
  Program program;
  program.environment["MONITOR_INITIAL_SEARCH_TIME"] = "1";
  program.add_passed_builds(450);
  ASSERT_EQ(program.run().exit_status, 0);
  const auto result = program.run({"--since", "7d"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.peers.bitbucket.record_count(), 450U);
}

TEST(Since, TakesATimeOrADuration) {
  Program program;
  for (const auto* when : {"yesterday", "5", "0h", "-3d"}) {
    const auto result = program.run({"--since", when});
    EXPECT_EQ(result.exit_status, 64) << when;
    EXPECT_NE(result.err.find(when), std::string::npos) << result.err;
  }
}

TEST(Adopt, TellsWhatItDid) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").number(1).commit(commit_named("1")).passed());
  program.peers.organization.add(program.a_build_of("web").number(2).commit(commit_named("2")).running());
  const auto result = program.run({"--adopt"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out,
            "0 old records were brought up to date\n"
            "1 builds are still open; start --adopt again when they have ended\n");
}

}  // namespace
}  // namespace connector
