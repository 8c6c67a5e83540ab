// --explain: "why does my pull request say in progress?", answered a year later.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using namespace std::chrono_literals;

struct Explain : testing::Test {
  support::ProcessResult explain() { return program.run({"--explain", commit}); }
  void add(std::uint64_t number, BuildState state) {
    program.peers.organization.add(program.a_build_of("web").number(number).commit(commit).in_state(state));
  }
  static void expect(const support::ProcessResult& result, const std::string& text) {
    EXPECT_NE(result.out.find(text), std::string::npos) << text << " in:\n" << result.out << result.err;
  }

  Program program;
  const std::string commit = commit_named("c");
};

TEST_F(Explain, OfACommitThatWasReportedTellsItsWholeStory) {
  add(1, BuildState::failed);
  add(2, BuildState::passed);
  add(3, BuildState::skipped);
  ASSERT_EQ(program.run().exit_status, 0);
  const auto result = explain();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  expect(result, "Buildkite has 3 builds of it:");
  expect(result, "web #1, failed");
  expect(result, "web #3, skipped");
  expect(result, "no verdict: it never ran");
  expect(result, "build #2 decides, the newest of the 2 that ran");
  expect(result, "Bitbucket was told last: SUCCESSFUL of build #2");
  expect(result, "Bitbucket shows by the repository's endpoint: SUCCESSFUL");
  expect(result, "the next pass posts nothing for it");
}

TEST_F(Explain, TellsWhatTheNextPassWouldPost) {
  add(1, BuildState::running);
  ASSERT_EQ(program.run().exit_status, 0);
  program.peers.organization.pass("web", 1);
  expect(explain(), "posts SUCCESSFUL of build #1 (state changed)");
}

TEST_F(Explain, NamesTheShardThatReportsAPipeline) {
  add(1, BuildState::running);
  program.environment["CONNECTOR_SHARD"] = "1/2";
  expect(explain(), "its pipeline belongs to shard 2/2, which reports it (sync.shard)");
  program.environment["CONNECTOR_SHARD"] = "2/2";
  expect(explain(), "posts INPROGRESS of build #1 (new)");
}

TEST_F(Explain, TellsWhyAStatusWaits) {
  add(1, BuildState::passed);
  program.peers.bitbucket.settings().unknown_commit = support::UnknownCommit::not_found;
  ASSERT_EQ(program.run().exit_status, 0);
  const auto result = explain();
  expect(result, "waiting to be posted: SUCCESSFUL of build #1, refused 1 times");
  expect(result, "since Bitbucket refused it before");
}

TEST_F(Explain, TellsThatARepositoryIsParked) {
  add(1, BuildState::passed);
  program.peers.bitbucket.forbid("ACME", "web");
  ASSERT_EQ(program.run().exit_status, 1);
  expect(explain(), "nothing is sent to the repository before ");
}

TEST_F(Explain, TellsWhyABuildIsNotReported) {
  program.peers.organization.add(
      program.a_build_of("api").in_repository("git@github.com:acme/api.git").commit(commit).passed());
  expect(explain(), "its pipeline's repository is not on this Bitbucket");
}

TEST_F(Explain, TellsThatAPostGotNoAnswer) {
  add(1, BuildState::passed);
  program.peers.bitbucket_faults.whenever([](const auto& request) { return request.method == "POST"; },
                                          support::lose_the_answer());
  ASSERT_EQ(program.run().exit_status, 75);
  const auto result = explain();
  expect(result, "a post got no answer; what Bitbucket shows is read after 2026-01-");
  expect(result, "waiting to be posted: SUCCESSFUL of build #1");
}

TEST_F(Explain, TellsWhyAStatusWasGivenUp) {
  program.peers.organization.add(
      program.a_build_of("web").number(1).commit(commit).web_url("ftp://example.com/1").passed());
  ASSERT_EQ(program.run().exit_status, 1);
  const auto result = explain();
  expect(result, "given up: SUCCESSFUL of build #1");
  expect(result, "given up at 2026-01-15T");
  expect(result, ": the build's web address is none that begins with http");
}

TEST_F(Explain, OfACommitNobodyKnowsSaysSo) {
  const auto result = explain();
  EXPECT_EQ(result.exit_status, 0);
  expect(result, "Buildkite has 0 builds of it");
}

TEST_F(Explain, ShowsWhatTheDaemonLeftOnTheOldEndpoint) {
  add(1, BuildState::passed);
  ASSERT_EQ(program.run().exit_status, 0);
  expect(explain(), "Bitbucket shows by the old endpoint: ");
}

TEST_F(Explain, TellsOfEachStepWhichBuildDecides) {
  const std::string file = program.directory.file("config.toml");
  support::write_file(file, "[status]\nper_step = true\n");
  program.environment["CONNECTOR_CONFIG"] = file;
  const auto job = [](const std::string& label, const std::string& state) {
    Job made;
    made.type = "script";
    made.name = label;
    made.state = state;
    made.web_url = "https://buildkite.com/acme-inc/web/builds/1#" + label;
    return made;
  };
  add(1, BuildState::failed);
  program.peers.organization.set_jobs("web", 1, {job("Lint", "failed"), job("Flaky", "failed")});
  ASSERT_EQ(program.run().exit_status, 0);
  const auto before = explain();
  expect(before, "of step 'Flaky' in ACME/web:\n  build #1 decides\n");
  EXPECT_EQ(before.out.find("no build that ran"), std::string::npos) << before.out;
  add(2, BuildState::passed);
  program.peers.organization.set_jobs("web", 2, {job("Lint", "passed")});
  const auto after = explain();
  expect(after, "of step 'Flaky' in ACME/web:\n  build #2 decides, which does not run the step\n");
  expect(after, "of step 'Lint' in ACME/web:\n  build #2 decides\n");
  std::size_t posts = 0;
  for (auto at = after.out.find("posts SUCCESSFUL of build #2"); at != std::string::npos;
       at = after.out.find("posts SUCCESSFUL of build #2", at + 1))
    ++posts;
  EXPECT_EQ(posts, 3U) << after.out;
}

TEST_F(Explain, ChangesNothing) {
  add(1, BuildState::passed);
  ASSERT_EQ(program.run().exit_status, 0);
  add(2, BuildState::failed);
  const std::string before = support::read_file(program.state_file());
  const std::size_t posts = program.posts();
  explain();
  EXPECT_EQ(program.posts(), posts);
  EXPECT_EQ(support::read_file(program.state_file()), before);
}

TEST_F(Explain, NeedsAFullCommitId) {
  EXPECT_EQ(program.run({"--explain", "abc"}).exit_status, 64);
}

}  // namespace
}  // namespace connector
