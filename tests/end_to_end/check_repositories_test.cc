// --check about repositories: which pipelines belong to which, may the account read them, does somebody send
// the builds that they require.
#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "core/build/shard.hh"
#include "end_to_end/check_world.hh"

namespace connector {
namespace {

using support::commit_named;
using namespace std::chrono_literals;

using RepositoryCheck = support::CheckWorld;

TEST_F(RepositoryCheck, NamesARequiredBuildThatNoPipelineSends) {
  program.peers.bitbucket.require_builds("ACME", "web", {"web", "web-deploy"});
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result,
                   "warning  required builds of ACME/web: no pipeline of this repository sends "
                   "'web-deploy', but 'web' (status.parent)"))
      << result.out;
  EXPECT_TRUE(says(result, "ok       required builds of ACME/deploy: there are none")) << result.out;
}

TEST_F(RepositoryCheck, SaysSoWhenAllRequiredBuildsAreSent) {
  program.peers.bitbucket.require_builds("ACME", "web", {"web"});
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       required builds of ACME/web: all are sent: 'web'")) << result.out;
}

// Of three shards web belongs to the last and deploy to the first.
TEST_F(RepositoryCheck, NamesTheShardsThatOtherPipelinesBelongTo) {
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

TEST_F(RepositoryCheck, KnowsOfRequiredBuildsThatAnotherShardSends) {
  program.environment["CONNECTOR_SHARD"] = "2/2";
  program.peers.bitbucket.require_builds("ACME", "web", {"web", "web-nightly"});
  const auto in_web = program.http.clone_url("ACME", "web");
  program.peers.organization.add(program.a_build_of("web-nightly").in_repository(in_web).passed());
  ASSERT_EQ(shard_of("web-nightly", 2), (Shard{1, 2}));
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       required builds of ACME/web: all are sent")) << result.out;
}

TEST_F(RepositoryCheck, FindsOutThatAHostIsAnotherNameOfTheServer) {
  program.peers.organization.add(
      program.a_build_of("shop").in_repository("git@git.example.com:acme/shop.git").passed());
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "ok       pipeline shop: reported to ACME/shop")) << result.out;
  EXPECT_TRUE(says(result, "ok       Bitbucket login: taken")) << result.out;
}

TEST_F(RepositoryCheck, ReadsRequiredBuildsOverSeveralPages) {
  for (int i = 0; i < 150; ++i)
    program.peers.bitbucket.require_builds("ACME", "web", {"b" + std::to_string(i)});
  const auto result = check();
  EXPECT_TRUE(says(result, "'b0'")) << result.out;
  EXPECT_TRUE(says(result, "'b149'")) << result.out;
}

TEST_F(RepositoryCheck, SaysThatTheOldEndpointMeetsNoRequiredBuilds) {
  program.peers.bitbucket.settings().profile = support::bitbucket_5();
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  Bitbucket endpoint: statuses go to the old endpoint")) << result.out;
}

TEST_F(RepositoryCheck, NamesPipelinesThatAreElsewhere) {
  program.peers.organization.add(
      program.a_build_of("api").in_repository("git@gitlab.internal:tools/api.git").passed());
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  pipeline api: its repository, on host gitlab.internal,")) << result.out;
  EXPECT_TRUE(says(result, "bitbucket.repository_hosts")) << result.out;
}

TEST_F(RepositoryCheck, NamesRepositoriesThatAreClosedToTheAccount) {
  program.peers.bitbucket.forbid("ACME", "deploy");
  const auto result = check();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(says(result, "failed   repository ACME/deploy:")) << result.out;
  EXPECT_FALSE(says(result, "required builds of ACME/deploy")) << result.out;
}

TEST_F(RepositoryCheck, OffersNoRemedyForPipelinesInTheCloud) {
  add_pipeline_on("git@github.com:acme/handbook.git", "handbook");
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       pipeline handbook: its repository is on github.com,")) << result.out;
  EXPECT_FALSE(says(result, "repository_hosts")) << result.out;
}

TEST_F(RepositoryCheck, SaysThatARepositoryOnAnUnknownHostMayBeHidden) {
  add_pipeline_on("git@git.acme.internal:acme/secrets.git", "secrets");
  program.peers.bitbucket.forbid("ACME", "secrets");
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(
      says(result, "warning  pipeline secrets: Bitbucket does not show its repository to the account"))
      << result.out;
  EXPECT_TRUE(says(result, "give the account the permission to read it")) << result.out;
}

TEST_F(RepositoryCheck, FollowsARepositoryToItsNewNameWithItsRequiredBuilds) {
  program.peers.bitbucket.require_builds("ACME", "web", {"web", "lint"});
  program.peers.bitbucket.rename("ACME", "web", "SHOP", "storefront");
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "warning  repository ACME/web: goes on as SHOP/storefront")) << result.out;
  EXPECT_TRUE(says(
      result, "warning  required builds of SHOP/storefront: no pipeline of this repository sends 'lint'"))
      << result.out;
}

TEST_F(RepositoryCheck, KnowsTheNewNameThatPassesHaveLearned) {
  program.peers.bitbucket.require_builds("ACME", "web", {"lint"});
  program.peers.bitbucket.rename("ACME", "web", "SHOP", "storefront");
  EXPECT_EQ(program.run().exit_status, 0);
  const auto result = check();
  EXPECT_TRUE(says(result, "ok       pipeline web: reported to SHOP/storefront")) << result.out;
  EXPECT_TRUE(says(result, "warning  required builds of SHOP/storefront:")) << result.out;
}

TEST_F(RepositoryCheck, LetsTheNextPassPostToAParkedRepositoryThatAnswersAgain) {
  program.peers.bitbucket.forbid("ACME", "web");
  EXPECT_EQ(program.run().exit_status, 1);
  EXPECT_EQ(check().exit_status, 1) << "it is closed still";
  program.peers.bitbucket.permit("ACME", "web");
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "") << "the pass leaves it alone for a while";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "repository ACME/web: took no statuses before and answers now")) << result.out;
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
  EXPECT_FALSE(says(check(), "took no statuses before"));
}

TEST_F(RepositoryCheck, GoesOnPastOneThatTheServerFailsAt) {
  program.peers.bitbucket_faults.whenever(
      [](const auto& request) { return request.target.ends_with("/repos/deploy"); },
      support::answer_status(500));
  program.peers.bitbucket.require_builds("ACME", "web", {"lint"});
  const auto result = check();
  EXPECT_EQ(result.exit_status, 75) << result.out;
  EXPECT_TRUE(says(result, "failed   repository ACME/deploy: ")) << result.out;
  EXPECT_TRUE(says(result, "warning  required builds of ACME/web: ")) << result.out;
}

/// The subjects of the lines that begin with `what`, as they come.
std::vector<std::string> subjects(const std::string& text, const std::string& what) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find(what);
    if (begin == 9) found.push_back(line.substr(begin, line.find(':') - begin));
  }
  return found;
}

TEST_F(RepositoryCheck, AsksAboutManySideBySideAndTellsOfThemInOrder) {
  constexpr int count = 200;
  for (int i = 0; i < count; ++i) {
    const std::string slug = "p" + std::to_string(1000 + i);
    program.peers.organization.add(program.a_build_of(slug).passed());
    if (i % 2 == 0) program.peers.bitbucket.forbid("ACME", slug);
  }
  // Each answer takes so long that one after the other would not end in time.
  program.peers.bitbucket_faults.whenever(
      [](const auto& request) { return request.target.find("/repos/") != std::string::npos; },
      support::answer_late(50ms));
  program.environment["BITBUCKET_CONNECTIONS"] = "32";
  const auto result = program.run({"--check", "--deadline=12s"});
  EXPECT_EQ(result.exit_status, 1) << result.out;
  const auto closed = subjects(result.out, "repository ");
  const auto required = subjects(result.out, "required builds of ");
  EXPECT_EQ(closed.size(), count / 2U);
  EXPECT_EQ(required.size(), count / 2U + 2);
  EXPECT_TRUE(std::is_sorted(closed.begin(), closed.end()));
  EXPECT_TRUE(std::is_sorted(required.begin(), required.end()));
}

}  // namespace
}  // namespace connector
