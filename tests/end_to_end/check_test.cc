// --check: a line for each step, the remedy where something is wrong, the exit status of the worst.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <mutex>
#include <string>

#include "core/shard.hh"
#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::noon;
using support::Program;
using namespace std::chrono_literals;

struct Check : testing::Test {
  Check() {
    program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
    program.peers.organization.add(program.a_build_of("deploy").commit(commit_named("2")).passed());
  }
  support::ProcessResult check(const std::string& option = "--check") { return program.run({option}); }
  static bool says(const support::ProcessResult& result, const std::string& text) {
    return result.out.find(text) != std::string::npos;
  }

  Program program;
};

TEST_F(Check, OfAWorkingSetUpSaysOkToEachStepAndPostsNothing) {
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const auto* line :
       {"ok       configuration:", "ok       state:",
        "ok       Buildkite builds: the newest 2 belong to 2 pipelines", "ok       Bitbucket: version 8.19",
        "ok       Bitbucket endpoint:", "ok       Bitbucket login: taken",
        "ok       pipeline web: reported to ACME/web", "ok       pipeline deploy:"}) {
    EXPECT_TRUE(says(result, line)) << line << "\n" << result.out;
  }
  EXPECT_TRUE(says(result, "ok       Buildkite token: has the scope read_builds and expires at"))
      << result.out;
  EXPECT_FALSE(says(result, "failed")) << result.out;
  EXPECT_EQ(program.posts(), 0U);
}

TEST_F(Check, WarnsOfATokenThatEndsSoon) {
  program.peers.buildkite.settings().token_lasts = 47h;
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  Buildkite token: expires at")) << result.out;
}

TEST_F(Check, NamesAMissingScope) {
  program.peers.buildkite.settings().scopes = {"read_organizations"};
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Buildkite token: lacks the scope read_builds")) << result.out;
}

TEST_F(Check, NamesAWrongOrganization) {
  program.environment["BUILDKITE_ORGANIZATION"] = "acme-ltd";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 78);
  EXPECT_TRUE(says(result, "BUILDKITE_ORGANIZATION")) << result.out;
}

TEST_F(Check, ComparesTheClocks) {
  EXPECT_TRUE(says(check(), "warning  clock: this machine and Buildkite differ by"))
      << "the fake's stands still";
}

TEST_F(Check, NamesADirectoryThatOthersMayWriteTo) {
  ASSERT_EQ(::chmod(program.directory.path().c_str(), 0777), 0);
  EXPECT_TRUE(says(check("--check=offline"), "warning  state: others may write"))
      << check("--check=offline").out;
}

TEST_F(Check, NamesADamagedStateAndLeavesItInPlace) {
  support::write_file(program.state_file(), "damaged");
  const auto result = check();
  EXPECT_TRUE(says(result, "is damaged")) << result.out;
  EXPECT_EQ(support::read_file(program.state_file()), "damaged");
}

TEST_F(Check, NamesAServerThatIsNotThere) {
  program.environment["BITBUCKET_URL"] = "http://127.0.0.1:1";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 75);
  EXPECT_TRUE(says(result, "failed   Bitbucket: 127.0.0.1:1")) << result.out;
}

TEST_F(Check, NamesARequiredBuildThatNoPipelineSends) {
  program.peers.bitbucket.require_builds("ACME", "web", {"web", "web-deploy"});
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result,
                   "warning  required builds of ACME/web: no pipeline of this repository sends "
                   "'web-deploy', but 'web' (status.parent)"))
      << result.out;
  EXPECT_TRUE(says(result, "ok       required builds of ACME/deploy: there are none")) << result.out;
}

TEST_F(Check, SaysSoWhenAllRequiredBuildsAreSent) {
  program.peers.bitbucket.require_builds("ACME", "web", {"web"});
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       required builds of ACME/web: all are sent: 'web'")) << result.out;
}

// Of three shards web belongs to the last and deploy to the first.
TEST_F(Check, NamesTheShardsThatOtherPipelinesBelongTo) {
  program.environment["CONNECTOR_SHARD"] = "3/3";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  for (
      const auto* line :
      {"ok       Buildkite builds: the newest 2 belong to 2 pipelines that are to be reported, 1 of them by this "
       "shard, 3/3",
       "ok       pipeline deploy: belongs to shard 1/3, which reports it",
       "ok       pipeline web: reported to ACME/web"}) {
    EXPECT_TRUE(says(result, line)) << line << "\n" << result.out;
  }
  EXPECT_FALSE(says(result, "of ACME/deploy")) << "its shard looks at it\n" << result.out;
}

TEST_F(Check, KnowsOfRequiredBuildsThatAnotherShardSends) {
  program.environment["CONNECTOR_SHARD"] = "2/2";
  program.peers.bitbucket.require_builds("ACME", "web", {"web", "web-nightly"});
  const auto in_web = program.http.clone_url("ACME", "web");
  program.peers.organization.add(program.a_build_of("web-nightly").in_repository(in_web).passed());
  ASSERT_EQ(shard_of("web-nightly", 2), (Shard{1, 2}));
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       required builds of ACME/web: all are sent")) << result.out;
}

TEST_F(Check, FindsOutThatAHostIsAnotherNameOfTheServer) {
  program.peers.organization.add(
      program.a_build_of("shop").in_repository("git@git.example.com:acme/shop.git").passed());
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "ok       pipeline shop: reported to ACME/shop")) << result.out;
  EXPECT_TRUE(says(result, "ok       Bitbucket login: taken")) << result.out;
}

TEST_F(Check, ReadsRequiredBuildsOverSeveralPages) {
  for (int i = 0; i < 150; ++i)
    program.peers.bitbucket.require_builds("ACME", "web", {"b" + std::to_string(i)});
  const auto result = check();
  EXPECT_TRUE(says(result, "'b0'")) << result.out;
  EXPECT_TRUE(says(result, "'b149'")) << result.out;
}

TEST_F(Check, SaysThatTheOldEndpointMeetsNoRequiredBuilds) {
  program.peers.bitbucket.settings().profile = support::bitbucket_5();
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  Bitbucket endpoint: statuses go to the old endpoint")) << result.out;
}

TEST_F(Check, NamesPipelinesThatAreElsewhere) {
  program.peers.organization.add(
      program.a_build_of("api").in_repository("git@gitlab.internal:tools/api.git").passed());
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  pipeline api: its repository, on host gitlab.internal,")) << result.out;
  EXPECT_TRUE(says(result, "bitbucket.repository_hosts")) << result.out;
}

TEST_F(Check, NamesRepositoriesThatAreClosedToTheAccount) {
  program.peers.bitbucket.forbid("ACME", "deploy");
  const auto result = check();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(says(result, "failed   repository ACME/deploy:")) << result.out;
  EXPECT_FALSE(says(result, "required builds of ACME/deploy")) << result.out;
}

TEST_F(Check, OfAWrongPasswordMakesOneAttemptAndStops) {
  program.environment["BITBUCKET_PASSWORD"] = "wrong";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Bitbucket login:")) << result.out;
  EXPECT_TRUE(says(result, "BITBUCKET_PASSWORD")) << result.out;
  EXPECT_EQ(program.peers.bitbucket.login().wrong_passwords(), 1U);
}

TEST_F(Check, OfALoginThatIsTakenAgainLetsPassesTryIt) {
  program.peers.bitbucket.settings().credentials.password = "changed on the server";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(program.run().exit_status, 77);
    program.peers.organization.advance(2h);
  }
  program.peers.bitbucket.settings().credentials = support::Credentials{};
  EXPECT_EQ(program.run().exit_status, 77) << "three refusals are enough, nobody tries any more";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "passes try it again")) << result.out;
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
}

TEST_F(Check, OfAWrongTokenStillLooksAtBitbucket) {
  program.environment["BUILDKITE_API_TOKEN"] = "wrong";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Buildkite token:")) << result.out;
  EXPECT_TRUE(says(result, "ok       Bitbucket: version")) << result.out;
}

TEST_F(Check, OfflineAsksNoServer) {
  const auto result = check("--check=offline");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.peers.buildkite_log.size() + program.peers.bitbucket_log.size(), 0U);
  EXPECT_TRUE(says(result, "ok       configuration:")) << result.out;
}

TEST_F(Check, TakesNoOtherValue) {
  EXPECT_EQ(check("--check=quick").exit_status, 64);
}

}  // namespace
}  // namespace connector
