// Several connectors that share the pipelines of one organization: together they tell Bitbucket what one
// would, and what changes hands among them is not forgotten.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pass/history.hh"
#include "support/posted_status.hh"

namespace connector {
namespace {

using support::a_pipeline;
using support::commit_named;
using support::History;
using namespace std::chrono_literals;

/// The statuses that were posted, by repository, commit and key, in their order.
using Posts = std::map<std::string, std::vector<std::string>>;

class ShardHistory : public History {
 public:
  explicit ShardHistory(unsigned count) { divide(count); }

  /// From now on there are so many shards. Each goes on with the state of the one of its number, as if that
  /// file had been given its new name; those beyond have none yet.
  void divide(unsigned count) {
    std::vector<SavedState> before = std::exchange(states_, {});
    for (unsigned number = 1; number <= count; ++number) {
      SavedState kept = number <= before.size() ? std::move(before[number - 1]) : SavedState{};
      if (kinship(kept.identity, {{}, {}, {}, {number, count}}) == Kinship::resharded)
        reshard(kept, {number, count});
      states_.push_back(std::move(kept));
    }
  }
  void forget_states() { states_.assign(states_.size(), SavedState{}); }

  /// A shard that goes on as it was, though the others share its pipelines among them.
  struct Leaving {
    Shard shard;
    SavedState state;
  };
  Leaving leave(unsigned number) {
    const auto before = static_cast<unsigned>(states_.size());
    Leaving leaving{{number, before}, std::move(states_.back())};
    divide(before - 1);
    return leaving;
  }

  pass::Report pass_of(unsigned number) {
    return pass_as({number, static_cast<unsigned>(states_.size())}, states_[number - 1]);
  }
  pass::Report pass_of(Leaving& leaving) { return pass_as(leaving.shard, leaving.state); }
  void pass_of_all() {
    for (unsigned number = 1; number <= states_.size(); ++number)
      EXPECT_EQ(pass_of(number).status, ExitStatus::ok) << "shard " << number << '\n' << messages;
  }

  /// A pipeline, and its repository, with a slug that belongs to the shard.
  std::string add_pipeline_of(const Shard& shard) {
    std::string slug = slug_of(shard);
    add_repository(slug);
    organization.add_pipeline(a_pipeline(slug));
    return slug;
  }
  /// A slug that belongs to the shard and to no pipeline yet.
  [[nodiscard]] std::string slug_of(const Shard& shard) const {
    for (int i = 1;; ++i) {
      std::string slug = "app-" + std::to_string(i);
      if (has_pipeline(shard, slug) && !organization.has_pipeline(slug)) return slug;
    }
  }

  [[nodiscard]] Posts posts() const {
    Posts posts;
    for (const auto& request : peers.bitbucket_log.requests()) {
      if (request.method != "POST") continue;
      const auto posted =
          std::get<support::PostedStatus>(support::read_posted_status(request.body, {false, true}));
      posts[request.target + ' ' + posted.key].push_back(posted.state + " of #" + posted.build_number);
    }
    return posts;
  }

  support::Organization& organization = peers.organization;

 private:
  pass::Report pass_as(const Shard& shard, SavedState& its_state) {
    settings.rules.shard = shard;
    std::swap(state, its_state);
    auto report = pass();
    state.identity.shard = shard;
    std::swap(state, its_state);
    return report;
  }

  std::vector<SavedState> states_;
};

/// Builds, rebuilds, retries and what else happens to builds of a dozen pipelines on a few commits that they
/// share; the same events for a seed, however many shards look on.
class Life {
 public:
  Life(ShardHistory& history, unsigned seed) : history_(history), dice_(seed) {
    for (int i = 1; i <= 12; ++i) {
      pipelines_.push_back("service-" + std::to_string(i));
      history.add_repository(pipelines_.back());
      history.organization.add_pipeline(a_pipeline(pipelines_.back()));
    }
  }

  void go_on() {
    for (auto& build : builds_) happen_to(build);
    for (unsigned news = throw_dice(3); news > 0; --news) {
      const std::string& pipeline = pipelines_[throw_dice(12)];
      const bool on_head = throw_dice(5) == 0;
      const std::string commit = commit_named(std::to_string(throw_dice(6)));
      builds_.push_back({pipeline, history_.organization.create(pipeline, on_head ? "HEAD" : commit)});
    }
  }

  void end_all() {
    for (const auto& [pipeline, number] : builds_) {
      const Build& build = history_.organization.build(pipeline, number).build;
      if (is_open(build.state)) history_.organization.pass(pipeline, number);
    }
  }

  void expect_the_truth_shown() const {
    std::map<std::pair<std::string, std::string>, const Build*> newest;
    for (const auto* model : history_.organization.builds()) {  // by number
      const Build& build = model->build;
      if (is_full_commit(build.commit) && !never_ran(build.state))
        newest[{build.pipeline.slug, build.commit}] = &build;
    }
    for (const auto& [key, build] : newest) {
      const auto state = bitbucket_state(*build, {});
      EXPECT_EQ(history_.shown(key.first, key.second), word_of(state.value_or(BitbucketState::unknown)))
          << key.first << " #" << build->number;
    }
  }

 private:
  using Id = std::pair<std::string, std::uint64_t>;

  unsigned throw_dice(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }

  void happen_to(const Id& id) {
    auto& organization = history_.organization;
    const auto& [pipeline, number] = id;
    const Build build = organization.build(pipeline, number).build;
    const unsigned chance = throw_dice(8);
    if (build.commit == "HEAD" && chance > 2) {
      organization.resolve_commit(pipeline, number, commit_named(std::to_string(throw_dice(6))));
    } else if (build.state == BuildState::scheduled) {
      if (chance < 4) organization.start(pipeline, number);
      if (chance == 4) organization.skip(pipeline, number);
    } else if (is_open(build.state)) {
      if (chance < 2) organization.pass(pipeline, number);
      if (chance == 2) organization.fail(pipeline, number);
      if (chance == 3) organization.cancel(pipeline, number);
      if (chance == 4) organization.begin_failing(pipeline, number);
    } else if (!never_ran(build.state) && chance == 0) {
      if (throw_dice(3) == 0) organization.retry(pipeline, number);
    }
  }

  ShardHistory& history_;
  std::mt19937 dice_;
  std::vector<std::string> pipelines_;
  std::vector<Id> builds_;
};

Posts posts_of(unsigned shards, unsigned seed) {
  ShardHistory history(shards);
  Life life(history, seed);
  for (int step = 0; step < 90; ++step) {
    life.go_on();
    history.wait(step % 30 == 29 ? 5h : 1min);
    history.pass_of_all();
  }
  return history.posts();
}

/// The first status that was told otherwise than by one connector.
std::string difference(const Posts& by_all, const Posts& by_one) {
  const auto [ours, theirs] = std::mismatch(by_all.begin(), by_all.end(), by_one.begin(), by_one.end());
  const auto told = [](const Posts& posts, Posts::const_iterator row) {
    std::string text = row == posts.end() ? "nothing more" : row->first + ':';
    if (row == posts.end()) return text;
    for (const std::string& post : row->second) text += ' ' + post + ',';
    return text;
  };
  if (ours == by_all.end() && theirs == by_one.end()) return {};
  return told(by_all, ours) + "\ninstead of " + told(by_one, theirs);
}

class Shards : public testing::TestWithParam<unsigned> {};

TEST_P(Shards, PostExactlyWhatOneConnectorDoes) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const Posts by_one = posts_of(1, seed);
    EXPECT_GT(by_one.size(), 40U) << "little happened";
    EXPECT_EQ(difference(posts_of(GetParam(), seed), by_one), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Among, Shards, testing::Values(1U, 2U, 3U, 5U));

TEST(Shards, OverAnUnchangedWorldMakeThreeRequestsEachAndTellBitbucketNothing) {
  ShardHistory history(3);
  for (unsigned number = 1; number <= 3; ++number)
    history.organization.create(history.add_pipeline_of({number, 3}), commit_named("c"));
  history.pass_of_all();
  history.wait(1min);
  history.peers.buildkite_log.clear();
  history.peers.bitbucket_log.clear();
  history.pass_of_all();
  EXPECT_EQ(history.peers.buildkite_log.size(), 9U);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

TEST(Shards, CountWhatIsLeftToOthers) {
  ShardHistory history(2);
  for (unsigned number = 1; number <= 2; ++number)
    history.organization.create(history.add_pipeline_of({number, 2}), commit_named("c"));
  const auto report = history.pass_of(1);
  EXPECT_EQ(report.counts.builds, 1U);
  EXPECT_EQ(report.counts.other_shard, 1U);
}

TEST(Shards, SayWhoseACommitIsThatOneIsAskedToRepair) {
  ShardHistory history(2);
  history.organization.create(history.add_pipeline_of({2, 2}), commit_named("c"));
  history.settings.commits = {commit_named("c")};
  EXPECT_EQ(history.pass_of(1).counts.posted, 0U);
  EXPECT_NE(history.messages.find("other shards' to report"), std::string::npos) << history.messages;
  history.messages.clear();
  EXPECT_EQ(history.pass_of(2).counts.posted, 1U);
  EXPECT_EQ(history.messages, "");
}

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

/// A slug that belongs to one shard now, and to another when their number changes.
std::string slug_between(const Shard& now, const Shard& then) {
  for (int i = 1;; ++i) {
    std::string slug = "app-" + std::to_string(i);
    if (has_pipeline(now, slug) && has_pipeline(then, slug)) return slug;
  }
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
