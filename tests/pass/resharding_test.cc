// What becomes of builds whose pipeline changes its shard, because it was renamed or the number of shards
// changed: nothing is lost, and nothing stays in progress.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pass/shard_history.hh"

namespace connector {
namespace {

using support::a_pipeline;
using support::commit_named;
using support::Life;
using support::ShardHistory;
using support::slug_between;
using namespace std::chrono_literals;

/// Two shards, and a build in progress whose pipeline gets a slug that belongs to the other one.
struct Renamed : ShardHistory {
  Renamed() : ShardHistory(2) {
    before = add_pipeline_of({1, 2});
    after = slug_of({2, 2});
    number = organization.create(before, commit);
    organization.start(before, number);
    wait(1min);
    pass_of_all();
    EXPECT_EQ(shown_now(), "INPROGRESS");
    organization.rename_pipeline(before, after);
  }

  [[nodiscard]] std::string shown_now() const { return shown(before, commit); }
  void pass_for(std::chrono::minutes duration) {
    for (std::chrono::minutes passed{0}; passed < duration; passed += 10min) {
      wait(10min);
      pass_of_all();
    }
  }

  std::string before, after;
  std::string commit = commit_named("c");
  std::uint64_t number = 0;
};

TEST(RenamedPipeline, IsFinishedByItsOldShardAlsoIfTheNewOneNeverRuns) {
  Renamed history;
  history.wait(1h);
  history.pass_of(1);
  history.wait(1h);
  history.organization.fail(history.after, history.number);
  history.wait(1h);
  history.pass_of(1);
  EXPECT_EQ(history.shown_now(), "FAILED");
}

TEST(RenamedPipeline, IsTakenOverByItsNewShardAlsoIfTheOldOneIsGone) {
  Renamed history;
  history.wait(1h);
  history.pass_of(2);
  history.wait(1h);
  history.organization.pass(history.after, history.number);
  history.wait(1h);
  history.pass_of(2);
  EXPECT_EQ(history.shown_now(), "SUCCESSFUL");
}

TEST(RenamedPipeline, LeavesNothingInProgressWhereTheBuildNeverRan) {
  Renamed history;
  history.organization.skip(history.after, history.number);
  history.pass_for(30min);
  EXPECT_EQ(history.shown_now(), "CANCELLED")
      << "the new shard does not know that there is anything to close";
}

TEST(RenamedPipeline, LeavesNothingInProgressWhereTheBuildIsDeleted) {
  Renamed history;
  history.pass_for(10min);
  history.organization.remove(history.after, history.number);
  history.pass_for(1h);
  EXPECT_EQ(history.shown_now(), "CANCELLED");
}

TEST(RenamedPipeline, LeavesNothingInProgressWhereTheBuildIsDeletedAtOnce) {
  Renamed history;
  history.organization.remove(history.after, history.number);
  history.pass_for(26h);
  EXPECT_EQ(history.shown_now(), "CANCELLED") << "as of a pipeline that is hidden";
}

TEST(RenamedPipeline, ShowsItsNewestBuildWhicheverShardEndsFirst) {
  Renamed history;
  auto& organization = history.organization;
  const auto newer = organization.rebuild(history.after, history.number);
  history.pass_for(10min);
  organization.start(history.after, newer);
  organization.pass(history.after, newer);
  history.pass_for(10min);
  organization.fail(history.after, history.number);
  history.pass_for(10min);
  EXPECT_EQ(history.shown_now(), "SUCCESSFUL") << "the older build ended last";
  organization.retry(history.after, newer);
  history.pass_for(10min);
  EXPECT_EQ(history.shown_now(), "INPROGRESS");
  organization.fail(history.after, newer);
  history.pass_for(10min);
  EXPECT_EQ(history.shown_now(), "FAILED");
  history.peers.bitbucket_log.clear();
  history.pass_for(1h);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "both are at rest";
}

TEST(RenamedPipeline, DeliversWhatItsOldShardCouldNotYet) {
  Renamed history;
  history.organization.pass(history.after, history.number);
  history.peers.bitbucket_faults.always(support::answer_status(500));
  history.wait(1min);
  history.pass_of(1);
  EXPECT_EQ(history.shown_now(), "INPROGRESS");
  history.peers.bitbucket_faults.clear();
  history.wait(1h);
  history.pass_of(1);
  EXPECT_EQ(history.shown_now(), "SUCCESSFUL");
}

struct Resharded : ShardHistory {
  Resharded() : ShardHistory(2) {
    add_repository(moves);
    organization.add_pipeline(a_pipeline(moves));
  }
  [[nodiscard]] std::string shown_on(const std::string& label) const {
    return shown(moves, commit_named(label));
  }

  std::string moves = slug_between({2, 2}, {1, 3});
};

TEST(Resharding, ReportsWhatTheShardBeforeHadNotCaughtUpWith) {
  Resharded history;
  history.pass_of_all();
  for (int hour = 0; hour < 5; ++hour) {  // the second lags, which is why there will be three
    history.organization.pass(history.moves,
                              history.organization.create(history.moves, commit_named(std::to_string(hour))));
    history.wait(1h);
    history.pass_of(1);
  }
  EXPECT_EQ(history.shown_on("0"), "");
  history.divide(3);
  history.pass_of_all();
  for (int hour = 0; hour < 5; ++hour)
    EXPECT_EQ(history.shown_on(std::to_string(hour)), "SUCCESSFUL") << hour;
}

TEST(Resharding, TellsNothingAgainOfPipelinesThatStay) {
  ShardHistory history(2);
  const std::string stays = slug_between({1, 2}, {1, 3});
  history.add_repository(stays);
  history.organization.add_pipeline(a_pipeline(stays));
  history.organization.create(stays, commit_named("c"));
  history.pass_of_all();
  history.peers.bitbucket_log.clear();
  history.divide(3);
  history.wait(1min);
  history.pass_of_all();
  EXPECT_EQ(history.peers.bitbucket_log.count("POST"), 0U);
}

TEST(Resharding, FinishesWhatIsInProgress) {
  for (const bool states_are_kept : {true, false}) {
    Resharded history;
    const auto passes = history.organization.create(history.moves, commit_named("passes"));
    const auto old = history.organization.create(history.moves, commit_named("old"));
    history.pass_of_all();
    history.wait(24h * 10);
    history.pass_of_all();
    history.divide(3);
    if (!states_are_kept) history.forget_states();
    history.wait(1min);
    history.pass_of_all();
    EXPECT_EQ(history.shown_on("passes"), "INPROGRESS");
    history.organization.pass(history.moves, passes);
    history.organization.cancel(history.moves, old);
    history.wait(1min);
    history.pass_of_all();
    EXPECT_EQ(history.shown_on("passes"), "SUCCESSFUL") << states_are_kept;
    EXPECT_EQ(history.shown_on("old"), "CANCELLED") << states_are_kept;
  }
}

TEST(Resharding, ClosesWhatNeverRanAlsoBetweenTheLastPassAndTheFirst) {
  Resharded history;
  const auto number = history.organization.create(history.moves, commit_named("c"));
  history.pass_of_all();
  history.divide(3);
  history.organization.skip(history.moves, number);
  history.wait(1min);
  history.pass_of_all();
  EXPECT_EQ(history.shown_on("c"), "CANCELLED") << "by the shard that told of it";
}

TEST(Resharding, TellsAgainWhatAnotherShardMayHaveReplacedMeanwhile) {
  ShardHistory history(2);
  const std::string returns = slug_between({1, 2}, {3, 3});
  history.add_repository(returns);
  history.organization.add_pipeline(a_pipeline(returns));
  const auto number = history.organization.create(returns, commit_named("c"));
  history.organization.fail(returns, number);
  history.pass_of_all();
  history.divide(3);
  history.organization.retry(returns, number);
  history.wait(1min);
  history.pass_of_all();
  ASSERT_EQ(history.shown(returns, commit_named("c")), "INPROGRESS");
  history.divide(2);
  history.organization.fail(returns, number);
  history.wait(1min);
  history.pass_of_all();
  EXPECT_EQ(history.shown(returns, commit_named("c")), "FAILED") << "which its shard had told before, too";
}

TEST(Resharding, LosesNothingIfAShardThatGoesRunsOnForAWhile) {
  ShardHistory history(3);
  Life life(history, 7);
  const auto go_on = [&](int steps, const auto& more_passes) {
    for (int step = 0; step < steps; ++step) {
      life.go_on();
      history.wait(1min);
      history.pass_of_all();
      more_passes();
    }
  };
  go_on(30, [] {});
  ShardHistory::Leaving third = history.leave(3);
  go_on(30, [&] { history.pass_of(third); });
  go_on(30, [] {});
  life.end_all();
  history.wait(1min);
  history.pass_of_all();
  life.expect_the_truth_shown();
}

TEST(Resharding, LeadsFromOneConnectorToSeveralAndBack) {
  Resharded history;
  history.divide(1);
  const auto first = history.organization.create(history.moves, commit_named("first"));
  history.pass_of_all();
  history.divide(3);
  const auto second = history.organization.create(history.moves, commit_named("second"));
  history.wait(1min);
  history.pass_of_all();
  history.divide(1);
  history.organization.pass(history.moves, first);
  history.organization.fail(history.moves, second);
  history.wait(1min);
  history.pass_of_all();
  EXPECT_EQ(history.shown_on("first"), "SUCCESSFUL");
  EXPECT_EQ(history.shown_on("second"), "FAILED");
}

}  // namespace
}  // namespace connector
