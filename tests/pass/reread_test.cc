// What a pass reads beside the listings: open builds that none of them shows, sweeps, and what that costs.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::FakeRequest;
using support::History;
using support::noon;
using support::WebHistory;
using namespace std::chrono_literals;

bool is_listing(const FakeRequest& request) {
  return request.target.find("/builds?") != std::string::npos;
}

TEST(Overlap, ShowsABuildThatEndedBeforeListingsShowedIt) {
  History history;
  auto& organization = history.peers.organization;
  for (const char* slug : {"web", "api"}) {
    history.add_repository(slug);
    organization.add_pipeline(support::a_pipeline(slug));
  }
  history.pass();
  const auto add = [&](const std::string& pipeline, std::chrono::seconds shown_after) {
    organization.habits().listing_lag = shown_after;
    const auto number = organization.create(pipeline, commit_named(pipeline));
    history.wait(1s);
    organization.start(pipeline, number);
    organization.fail(pipeline, number);
    history.wait(8s);
  };
  add("web", 25s);
  add("api", 4s);
  history.pass();
  ASSERT_EQ(history.shown("web", commit_named("web")), "");
  ASSERT_EQ(history.shown("api", commit_named("api")), "FAILED") << "so both cursors are beyond the other";
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("web")), "FAILED");
}

TEST(Gone, ClosesTheStatusOfADeletedBuildAfterHalfAnHour) {
  WebHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  history.pass();
  organization.remove("web", number);
  for (int minute = 0; minute < 29; ++minute) {
    history.wait(1min);
    history.pass();
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "INPROGRESS");
  for (int minute = 0; minute < 3; ++minute) {
    history.wait(1min);
    history.pass();
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "CANCELLED");
  history.peers.buildkite_log.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.peers.buildkite_log.size(), 3U) << "and asks no more for it";
}

TEST(LeftOut, WhileItIsOpenABuildStillShowsHowItEnds) {
  WebHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  history.pass();
  history.settings.rules.scope.exclude_pipelines = {"web"};
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("c")), "INPROGRESS");
  organization.pass("web", number);
  for (int i = 0; i < 2; ++i) {
    history.wait(1min);
    history.pass();
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "SUCCESSFUL");
  history.peers.buildkite_log.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.peers.buildkite_log.size(), 3U) << "and then it is asked for no more";
}

TEST(KeyTemplate, ThatChangesLeavesNoOldStatusBesideTheNewOne) {
  WebHistory history;
  auto& organization = history.organization;
  const auto red = organization.create("web", commit_named("c"));
  organization.fail("web", red);
  const auto open = organization.create("web", commit_named("d"));
  history.pass();
  history.settings.rules.presentation.templates.key = "ci/{pipeline.slug}";
  organization.pass("web", organization.rebuild("web", red));
  organization.pass("web", open);
  organization.pass("web", organization.create("web", commit_named("e")));
  history.wait(1min);
  history.pass();
  const auto& bitbucket = history.peers.bitbucket;
  for (const char* commit : {"c", "d"}) {
    EXPECT_EQ(history.shown("web", commit_named(commit)), "SUCCESSFUL");
    EXPECT_EQ(bitbucket.shown("ACME", "web", commit_named(commit)).size(), 1U) << commit;
  }
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit_named("e"), "ci/web"), "SUCCESSFUL");
}

TEST(PullRequests, ApartFromBranchesDoNotOverwriteEachOther) {
  WebHistory history;
  history.settings.rules.separate_pull_requests = true;
  auto& organization = history.organization;
  organization.add(a_build().of("web").number(1).commit(commit_named("c")).created(noon - 2s).failed());
  organization.add(a_build()
                       .of("web")
                       .number(2)
                       .commit(commit_named("c"))
                       .created(noon - 1s)
                       .for_pull_request("5")
                       .passed());
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("c")), "FAILED");
  const std::string key = support::a_pipeline("web").id + "-pull-request";
  EXPECT_EQ(history.peers.bitbucket.shown_state("ACME", "web", commit_named("c"), key), "SUCCESSFUL");
}

TEST(Gap, OfRecordsThatCannotBeReadIsPassedOver) {
  History history;
  history.settings.per_page = 2;
  history.add_passed_builds(1, 8, noon - 2h, 10min);
  history.peers.buildkite_faults.whenever(
      [](const FakeRequest& request) {
        return is_listing(request) && request.target.find("created_from") != std::string::npos &&
               request.target.find("created_to") != std::string::npos &&
               request.target.find("finished_from") == std::string::npos;
      },
      support::answer_instead(support::json_answer(200, "[{},{}]")));
  history.peers.buildkite_log.clear();
  history.pass();
  EXPECT_LE(history.peers.buildkite_log.size(), 10U) << "no page is asked for again and again";
  history.peers.buildkite_faults.clear();
  for (int i = 0; i < 5; ++i) {
    history.wait(1min);
    history.pass();
  }
  EXPECT_TRUE(history.state.cursors.gaps.empty());
}

TEST(Gone, FollowsTheUsersChoice) {
  History history;
  history.settings.rules.presentation.states.gone = StateChoice(BitbucketState::failed);
  history.add_repository("web");
  auto& organization = history.peers.organization;
  organization.add_pipeline(support::a_pipeline("web"));
  organization.remove("web", organization.create("web", commit_named("unseen")));
  const auto number = organization.create("web", commit_named("c"));
  history.pass();
  organization.remove("web", number);
  for (int minute = 0; minute < 8; ++minute) {
    history.wait(5min);
    history.pass();
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "FAILED");
}

TEST(Gone, LeavesTheBuildsOfAHiddenPipelineADay) {
  WebHistory history;
  auto& organization = history.organization;
  organization.create("web", commit_named("c"));
  history.pass();
  organization.remove_pipeline("web");
  for (int hour = 0; hour < 23; ++hour) {
    history.wait(1h);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "INPROGRESS");
  EXPECT_EQ(history.messages, "");
  for (int hour = 0; hour < 3; ++hour) {
    history.wait(1h);
    history.pass();
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "CANCELLED");
  EXPECT_NE(history.messages.find("has not shown the pipeline"), std::string::npos) << history.messages;
}

TEST(Sweep, FindsABuildThatBecameVisibleAfterTheOverlap) {
  History history;
  history.add_passed_builds(1, 3, noon - 30min, 1min);
  auto& organization = history.peers.organization;
  history.pass();
  organization.habits().listing_lag = 40min;
  const auto number = organization.create("web", commit_named("late"));
  organization.habits().listing_lag = 0ms;
  organization.start("web", number);
  organization.pass("web", number);
  history.wait(1min);
  organization.add(
      a_build().of("web").commit(commit_named("next")).number(9).created(organization.now()).passed());
  std::chrono::milliseconds lag{0};
  for (int minute = 0; minute < 100; ++minute) {
    if (minute == 30) {
      EXPECT_EQ(history.shown("web", commit_named("late")), "") << "nobody can see it yet";
    }
    organization.add(a_build()
                         .of("web")
                         .commit(commit_named("later " + std::to_string(minute)))
                         .number(10U + static_cast<unsigned>(minute))
                         .created(organization.now())
                         .finished(organization.now())
                         .passed());
    history.wait(1min);
    lag = std::max(lag, history.pass().lag);
  }
  EXPECT_EQ(history.shown("web", commit_named("late")), "SUCCESSFUL");
  EXPECT_GT(lag, 15min) << "and the lag is measured";
  EXPECT_NE(history.messages.find("showed a build late"), std::string::npos) << history.messages;
}

TEST(Sweep, IsReadInSlicesOfAFewRequests) {
  History history;
  history.add_passed_builds(1, 2000, noon - 20h, 30s);
  while (history.pass(), !history.state.cursors.gaps.empty()) history.wait(1min);
  history.pass();
  history.wait(61min);
  history.peers.bitbucket_log.clear();
  std::size_t most = 0;
  for (int minute = 0; minute < 15; ++minute) {
    history.peers.buildkite_log.clear();
    history.wait(1min);
    history.pass();
    most = std::max(most, history.peers.buildkite_log.size());
  }
  EXPECT_EQ(most, 6U) << "three listings and a slice";
  EXPECT_FALSE(history.state.sweeps.running.has_value()) << "and it ends";
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "with nothing to say";
}

TEST(Sweep, GoesNotBelowTheFirstLookBack) {
  History history;
  history.settings.initial_search_time = 1h;
  history.add_passed_builds(1, 5, noon - 5h, 1min);
  history.add_passed_builds(6, 7, noon - 10min, 1min);
  for (int hour = 0; hour < 30; ++hour) {
    history.pass();
    history.wait(1h);
  }
  EXPECT_EQ(history.peers.bitbucket.record_count(), 2U);
}

TEST(OpenListing, OfMoreThanFivePagesIsReadInTurns) {
  History history;
  history.settings.per_page = 10;
  history.add_repository("web");
  auto& organization = history.peers.organization;
  organization.add_pipeline(support::a_pipeline("web"));
  for (int i = 1; i <= 120; ++i) {
    const auto number = organization.create("web", commit_named(std::to_string(i)));
    organization.start("web", number);
    organization.advance(1s);
  }
  for (int minute = 0; minute < 10; ++minute) {
    history.pass();
    history.wait(1min);
  }
  history.wait(1h);
  for (std::uint64_t number = 1; number <= 120; ++number) organization.begin_failing("web", number);
  for (int minute = 0; minute < 8; ++minute) {
    history.peers.buildkite_log.clear();
    history.pass();
    EXPECT_LE(history.peers.buildkite_log.count("GET", "state%5B%5D") +
                  history.peers.buildkite_log.count("GET", "state[]"),
              5U);
    history.wait(1min);
  }
  for (int i = 1; i <= 120; ++i)
    EXPECT_EQ(history.shown("web", commit_named(std::to_string(i))), "FAILED") << i;
}

TEST(Outbox, OfThousandsDrainsAtBitbucketsPaceWithoutReadingEachBuildAgain) {
  History history;
  history.add_passed_builds(1, 2000, noon - 20h, 30s);
  history.peers.bitbucket.limit_rate(60, 5);
  std::size_t passes = 0;
  std::size_t shown = 0;
  do {
    history.peers.buildkite_log.clear();
    history.pass();
    EXPECT_LE(history.peers.buildkite_log.size(), 35U);
    if (++passes > 3) {
      EXPECT_LE(history.peers.buildkite_log.size(), 3U) << "the statuses that wait need no reading";
    }
    EXPECT_GE(history.peers.bitbucket.record_count(), std::min<std::size_t>(shown + 200, 2000));
    shown = history.peers.bitbucket.record_count();
    history.wait(10s);
  } while (shown < 2000 && passes < 30);
  EXPECT_EQ(shown, 2000U);
}

TEST(Batch, ThatFailsIsTriedSmallerAndTheTurnMovesOn) {
  WebHistory history;
  auto& organization = history.organization;
  for (int i = 1; i <= 8; ++i) organization.create("web", commit_named(std::to_string(i)));
  history.pass();
  for (std::uint64_t number = 1; number <= 8; ++number) organization.skip("web", number);
  const std::string poison = commit_named("3");
  history.peers.buildkite_faults.whenever(
      [poison](const FakeRequest& request) {
        return is_listing(request) && request.target.find(poison) != std::string::npos;
      },
      support::answer_status(500));
  for (int minute = 0; minute < 20; ++minute) {
    history.wait(1min);
    history.pass();
  }
  for (int i = 1; i <= 8; ++i) {
    const std::string expected = i == 3 ? "INPROGRESS" : "CANCELLED";
    EXPECT_EQ(history.shown("web", commit_named(std::to_string(i))), expected) << i;
  }
}

}  // namespace
}  // namespace connector
