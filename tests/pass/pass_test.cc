// One pass after another against the model organization: what a reviewer sees in Bitbucket in the end, and
// what it cost.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::History;
using support::noon;
using support::WebHistory;
using namespace std::chrono_literals;

TEST(Pass, ShowsEveryBuildOfTheFirstLookBack) {
  History history;
  history.add_passed_builds(1, 250, noon - 30h, 1min);
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.messages, "") << "cron mails any output";
  EXPECT_EQ(report.counts.posted, 250U);
  for (int number = 1; number <= 250; ++number) {
    EXPECT_EQ(history.shown("web", commit_named(std::to_string(number))), "SUCCESSFUL") << number;
  }
}

TEST(Pass, LeavesOutBuildsFromBeforeTheLookBack) {
  History history;
  history.add_repository("web");
  history.peers.organization.add(a_build().of("web").number(1).created(noon - 169h).passed());
  EXPECT_EQ(history.pass().counts.posted, 0U);
}

TEST(Pass, OverAnUnchangedWorldMakesThreeRequestsAndTellsBitbucketNothing) {
  History history;
  history.add_passed_builds(1, 99, noon - 1min, 0ms);
  history.pass();
  history.wait(1min);
  history.peers.buildkite_log.clear();
  history.peers.bitbucket_log.clear();
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::ok);
  EXPECT_EQ(history.peers.buildkite_log.size(), 3U);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

TEST(Pass, LetsTheNewestBuildOfACommitDecide) {
  History history;
  history.add_repository("web");
  const std::string commit = commit_named("c");
  auto& organization = history.peers.organization;
  organization.add(a_build().of("web").number(1).commit(commit).created(noon - 20min).failed());
  organization.add(a_build().of("web").number(2).commit(commit).created(noon - 10min).passed());
  history.pass();
  EXPECT_EQ(history.shown("web", commit), "SUCCESSFUL");
  EXPECT_EQ(history.peers.bitbucket.record_count(), 1U);
}

TEST(Pass, FollowsABuildFromStartToEndAlsoLongAfterTheOverlap) {
  WebHistory history;
  auto& organization = history.organization;
  const std::string commit = commit_named("c");
  const auto number = organization.create("web", commit);
  organization.start("web", number);
  history.pass();
  EXPECT_EQ(history.shown("web", commit), "INPROGRESS");
  for (int hour = 0; hour < 5; ++hour) {
    history.wait(1h);
    history.pass();
  }
  organization.begin_failing("web", number);
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit), "FAILED") << "failing is told early";
  organization.fail("web", number);
  organization.retry("web", number);
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit), "INPROGRESS") << "reopened";
  organization.pass("web", number);
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit), "SUCCESSFUL");
}

TEST(Pass, ReportsABuildOnHeadOnceItsCommitIsKnown) {
  WebHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", "HEAD");
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
  history.wait(2h);
  organization.start("web", number);
  organization.resolve_commit("web", number, commit_named("c"));
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("c")), "INPROGRESS");
}

TEST(Pass, TellsOnceADayOfPipelinesOnAnUnknownHostAndNeverOfPublicOnes) {
  History history;
  auto& organization = history.peers.organization;
  organization.add(a_build().of("web").in_repository("git@github.com:acme/web.git").created(noon - 1min));
  organization.add(
      a_build().of("api").in_repository("ssh://git@old-name.example/acme/api.git").created(noon - 1min));
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_NE(history.messages.find("old-name.example"), std::string::npos) << history.messages;
  EXPECT_EQ(history.messages.find("github.com"), std::string::npos) << history.messages;
  history.messages.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.messages, "");
}

TEST(Pass, FollowsAChangedChoiceOfEndpointAtOnce) {
  History history;
  history.settings.api = config::BitbucketApi::build_status;
  history.add_passed_builds(1, 1, noon - 2min, 0ms);
  history.pass();
  EXPECT_EQ(history.peers.bitbucket_log.count("POST", "/build-status/"), 1U);
  EXPECT_EQ(history.peers.bitbucket_log.count("GET"), 0U) << "nothing to ask when the user has chosen";
  history.settings.api = config::BitbucketApi::automatic;
  history.add_passed_builds(2, 2, noon - 1min, 0ms);
  history.pass();
  EXPECT_EQ(history.peers.bitbucket_log.count("POST", "/projects/ACME/repos/web/"), 1U);
}

TEST(Gap, OfThreeThousandBuildsClosesAtTenRequestsAPassNewestFirst) {
  History history;
  history.add_passed_builds(1, 3000, noon - 100h, 1min);
  history.peers.buildkite.settings().user_limit = 10;
  std::size_t shown = 0;
  int passes = 0;
  do {
    const auto report = history.pass();
    EXPECT_EQ(report.status, ExitStatus::ok) << history.messages;
    EXPECT_GT(history.peers.bitbucket.record_count(), shown) << "every pass makes progress";
    shown = history.peers.bitbucket.record_count();
    if (++passes == 1) {
      EXPECT_EQ(history.shown("web", commit_named("3000")), "SUCCESSFUL") << "the newest come first";
      EXPECT_FALSE(report.gaps.empty());
    }
    history.wait(1min);
  } while (!history.state.cursors.gaps.empty() && passes < 60);
  EXPECT_TRUE(history.state.cursors.gaps.empty());
  EXPECT_EQ(shown, 3000U);
  EXPECT_EQ(history.shown("web", commit_named("1")), "SUCCESSFUL");
}

TEST(Gap, AfterALongOutageClosesAlthoughManyBuildsEndedMeanwhile) {
  History history;
  history.add_repository("web");
  auto& organization = history.peers.organization;
  organization.add(a_build().of("web").number(1).commit(commit_named("1")).created(noon - 1min).passed());
  history.pass();
  history.add_passed_builds(2, 3000, noon + 1min, 1min);
  history.wait(3001min);
  history.peers.buildkite.settings().user_limit = 10;
  for (int passes = 0; passes < 60 && history.peers.bitbucket.record_count() < 3000; ++passes) {
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
    history.wait(1min);
  }
  EXPECT_EQ(history.peers.bitbucket.record_count(), 3000U);
}

TEST(Gap, IsNotHeldUpByAFinishedListingThatFailedOnce) {
  History history;
  history.add_passed_builds(1, 2000, noon - 100h, 1min);
  history.peers.buildkite.settings().user_limit = 10;
  history.peers.buildkite_faults.whenever(
      [](const support::FakeRequest& request) {
        return request.target.find("finished_from") != std::string::npos;
      },
      support::answer_status(500));
  history.pass();
  history.peers.buildkite_faults.clear();
  for (int passes = 0; passes < 60 && history.peers.bitbucket.record_count() < 2000; ++passes) {
    history.wait(1min);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  }
  EXPECT_EQ(history.peers.bitbucket.record_count(), 2000U);
}

TEST(Gap, GetsARequestInEveryPassAlthoughTheHeadCouldUseThemAll) {
  History history;
  history.add_passed_builds(1, 300, noon - 100h, 1min);
  history.add_passed_builds(301, 750, noon - 550s, 1s);
  history.peers.buildkite.settings().user_limit = 6;
  for (int passes = 0; passes < 20; ++passes) {
    history.pass();
    history.wait(1min);
  }
  EXPECT_TRUE(history.state.cursors.gaps.empty());
}

TEST(FinishedListing, OfMoreThanAPassCanReadIsReadOverSeveral) {
  WebHistory history;
  auto& organization = history.organization;
  for (int number = 1; number <= 700; ++number) {
    organization.create("web", commit_named(std::to_string(number)));
    organization.start("web", static_cast<std::uint64_t>(number));
    organization.advance(2s);
  }
  for (int passes = 0; passes < 10; ++passes) {
    history.pass();
    history.wait(1min);
  }
  history.wait(1h);
  for (std::uint64_t number = 1; number <= 700; ++number) organization.pass("web", number);
  history.peers.buildkite.settings().user_limit = 6;
  for (int passes = 0; passes < 30; ++passes) {
    history.wait(1min);
    history.pass();
  }
  int successful = 0;
  for (int number = 1; number <= 700; ++number) {
    successful += history.shown("web", commit_named(std::to_string(number))) == "SUCCESSFUL" ? 1 : 0;
  }
  EXPECT_EQ(successful, 700);
}

TEST(Gap, LetsNewBuildsThroughWhileItIsBeingFilled) {
  History history;
  auto& organization = history.peers.organization;
  history.add_passed_builds(1, 2000, noon - 100h, 1min);
  history.peers.buildkite.settings().user_limit = 10;
  history.pass();
  history.wait(1min);
  const auto number = organization.create("web", commit_named("new"));
  organization.start("web", number);
  organization.pass("web", number);
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("new")), "SUCCESSFUL");
  EXPECT_FALSE(history.state.cursors.gaps.empty());
}

TEST(Branches, AreAskedOfBuildkiteWhereTheyAreNamedInFull) {
  WebHistory history;
  history.organization.create("web", commit_named("c"), "main");
  history.organization.create("web", commit_named("d"), "topic/x");
  const auto pass_with = [&](std::vector<std::string> branches) {
    history.settings.rules.scope.branches = std::move(branches);
    history.peers.buildkite_log.clear();
    history.wait(1min);
    history.pass();
  };
  pass_with({"main"});
  EXPECT_EQ(history.peers.buildkite_log.count("GET", "&branch[]=main"), 3U);
  EXPECT_EQ(history.shown("web", commit_named("c")), "INPROGRESS");
  EXPECT_EQ(history.shown("web", commit_named("d")), "");
  pass_with({"main", "topic/*"});
  EXPECT_EQ(history.peers.buildkite_log.count("GET", "branch"), 0U)
      << "what Buildkite's * stands for is not documented";
  EXPECT_EQ(history.shown("web", commit_named("d")), "INPROGRESS");
}

TEST(Pipeline, ThatComesIntoScopeIsReportedByASweepAndNotCalledLate) {
  History history;
  for (const char* slug : {"web", "api"}) {
    history.add_repository(slug);
    history.peers.organization.add_pipeline(support::a_pipeline(slug));
    const auto number = history.peers.organization.create(slug, commit_named(slug));
    history.peers.organization.pass(slug, number);
  }
  history.settings.rules.scope.exclude_pipelines = {"api"};
  history.pass();
  history.wait(2h);
  history.pass();
  history.settings.rules.scope.exclude_pipelines = {};
  for (int i = 0; i < 3; ++i) {
    history.wait(1h);
    history.pass();
  }
  EXPECT_EQ(history.shown("api", commit_named("api")), "SUCCESSFUL");
  EXPECT_EQ(history.messages.find("late"), std::string::npos) << history.messages;
}

}  // namespace
}  // namespace connector
