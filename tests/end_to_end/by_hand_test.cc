// Passes that somebody starts by hand: --since, --commit, --adopt, --dry-run.
#include <gtest/gtest.h>
#include <unistd.h>

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

TEST(Since, SaysHowFarItCameWhenTheQuotaEndsIt) {
  support::BuildkiteSettings quota;
  quota.user_limit = 6;
  Program program(quota);
  program.environment["MONITOR_INITIAL_SEARCH_TIME"] = "1";
  program.add_passed_builds(1500);
  const auto result = program.run({"--since", "7d"});
  EXPECT_EQ(result.exit_status, 75);
  EXPECT_NE(result.err.find("not all builds were looked back to"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("reached=2026-01-1"), std::string::npos) << result.err;
}

TEST(Since, TakesATimeOrADuration) {
  Program program;
  for (const auto* when : {"yesterday", "5", "0h", "-3d"}) {
    const auto result = program.run({"--since", when});
    EXPECT_EQ(result.exit_status, 64) << when;
    EXPECT_NE(result.err.find(when), std::string::npos) << result.err;
  }
}

struct DryRun : testing::Test {
  support::ProcessResult dry_run() { return program.run({"--dry-run"}); }
  [[nodiscard]] bool has_state() const { return ::access(program.state_file().c_str(), F_OK) == 0; }

  Program program;
};

TEST_F(DryRun, PrintsWhatWouldBePostedAndWhy) {
  program.peers.organization.add(
      program.a_build_of("web").number(1).commit(commit_named("1")).message("Fix login").passed());
  const auto result = dry_run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const std::string row = "SUCCESSFUL  web #1  " + commit_named("1").substr(0, 12) + "  ACME/web    new     ";
  EXPECT_NE(result.out.find(row), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("Fix login"), std::string::npos) << result.out;
}

TEST_F(DryRun, GivesTheReason) {
  auto& organization = program.peers.organization;
  organization.add(program.a_build_of("web").number(1).commit(commit_named("1")).running());
  organization.add(program.a_build_of("web").number(2).commit(commit_named("2")).passed());
  ASSERT_EQ(program.run().exit_status, 0);
  organization.pass("web", 1);
  organization.add(program.a_build_of("web").number(3).commit(commit_named("2")).passed());
  organization.add(program.a_build_of("web").number(4).commit(commit_named("4")).passed());
  const auto result = dry_run();
  EXPECT_NE(result.out.find("state changed"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("newer build"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("new  "), std::string::npos) << result.out;
}

TEST_F(DryRun, UsesTheWordsOfTheServer) {
  program.peers.bitbucket.settings().profile = support::bitbucket_7();
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).canceled());
  EXPECT_NE(dry_run().out.find("FAILED"), std::string::npos);
}

TEST_F(DryRun, WritesNothingAnywhere) {
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
  EXPECT_EQ(dry_run().exit_status, 0);
  EXPECT_EQ(program.posts(), 0U);
  EXPECT_FALSE(has_state());
  EXPECT_NE(::access((program.state_file() + ".lock").c_str(), F_OK), 0);
  ASSERT_EQ(program.run().exit_status, 0);
  const std::string before = support::read_file(program.state_file());
  program.peers.organization.advance(1min);
  EXPECT_EQ(dry_run().out, "nothing would be posted\n");
  EXPECT_EQ(support::read_file(program.state_file()), before);
}

TEST_F(DryRun, LeavesADamagedStateWhereItIs) {
  support::write_file(program.state_file(), "damaged");
  const auto result = dry_run();
  EXPECT_NE(result.err.find("is damaged"), std::string::npos) << result.err;
  EXPECT_EQ(support::read_file(program.state_file()), "damaged");
}

TEST_F(DryRun, GoesOnBesideAPassThatHoldsTheLock) {
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
  program.peers.buildkite_faults.next(support::answer_late(2s));
  const auto pass = program.start();
  EXPECT_EQ(program.run({"-n"}).exit_status, 0);
  EXPECT_EQ(program.finish(*pass).exit_status, 0);
}

struct Commit : testing::Test {
  Commit() {
    program.peers.organization.add(program.a_build_of("web").number(1).commit(commit_named("1")).passed());
    program.peers.organization.add(program.a_build_of("web").number(2).commit(commit_named("2")).passed());
  }
  Program program;
};

TEST_F(Commit, IsReportedAgainWhateverBitbucketWasToldBefore) {
  ASSERT_EQ(program.run().exit_status, 0);
  const auto result = program.run({"--commit", commit_named("1")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.posts(), 3U);
  EXPECT_EQ(result.out, "1 status was posted\n");
}

TEST_F(Commit, IsReportedAloneAndMovesNoCursor) {
  EXPECT_EQ(program.run({"--commit", commit_named("1")}).exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
  EXPECT_EQ(program.shown("web", commit_named("2")), "");
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("2")), "SUCCESSFUL")
      << "the next pass reads it as if nothing had been";
  EXPECT_EQ(program.posts(), 2U);
}

TEST_F(Commit, MayBeGivenMoreThanOnce) {
  EXPECT_EQ(program.run({"--commit", commit_named("1"), "--commit", commit_named("2")}).exit_status, 0);
  EXPECT_EQ(program.posts(), 2U);
}

TEST_F(Commit, ThatIsOlderThanAnythingIsFoundToo) {
  program.peers.organization.add(
      program.a_build_of("web").number(3).commit(commit_named("old")).created(noon - 24h * 300).failed());
  EXPECT_EQ(program.run({"--commit", commit_named("old")}).exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("old")), "FAILED");
}

TEST_F(Commit, WithoutBuildsIsSaidToHaveNone) {
  const auto result = program.run({"--commit", commit_named("unheard of")});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_NE(result.err.find("no build of this commit"), std::string::npos) << result.err;
}

TEST_F(Commit, HasToBeGivenInFull) {
  for (const auto* text : {"abc123", "HEAD", "main"}) {
    const auto result = program.run({"--commit", text});
    EXPECT_EQ(result.exit_status, 64) << text;
  }
}

TEST_F(Commit, OnAHostNobodyToldUsOfIsReportedAfterAsking) {
  program.peers.organization.add(program.a_build_of("shop")
                                     .in_repository("git@git.example.com:acme/shop.git")
                                     .commit(commit_named("3"))
                                     .passed());
  EXPECT_EQ(program.run({"--commit", commit_named("3")}).exit_status, 0);
  EXPECT_EQ(program.shown("shop", commit_named("3")), "SUCCESSFUL");
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
