// What a build means for Bitbucket: states, scope, commits.
#include "core/verdict.hh"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::a_build;

Rules rules() {
  Rules all;
  all.organization = "acme-inc";
  all.scope.home = "bitbucket.example.com";
  return all;
}

Verdict judged(const Build& build, const Rules& by) {
  return judge(build, by, {}, support::noon);
}

struct StateCase {
  std::string_view buildkite;
  bool blocked;
  std::optional<BitbucketState> bitbucket;
};

void PrintTo(const StateCase& c, std::ostream* out) {
  *out << c.buildkite << (c.blocked ? ", blocked" : "");
}

class States : public testing::TestWithParam<StateCase> {};

TEST_P(States, BecomeWhatTheDocumentationSays) {
  Build build = a_build().in_state(GetParam().buildkite);
  build.blocked = GetParam().blocked;
  EXPECT_EQ(bitbucket_state(build, {}), GetParam().bitbucket);
}

INSTANTIATE_TEST_SUITE_P(Default, States,
                         testing::Values(StateCase{"creating", false, BitbucketState::in_progress},
                                         StateCase{"scheduled", false, BitbucketState::in_progress},
                                         StateCase{"waiting", false, BitbucketState::in_progress},
                                         StateCase{"running", false, BitbucketState::in_progress},
                                         StateCase{"canceling", false, BitbucketState::in_progress},
                                         StateCase{"failing", false, BitbucketState::failed},
                                         StateCase{"passed", false, BitbucketState::successful},
                                         StateCase{"failed", false, BitbucketState::failed},
                                         StateCase{"waiting_failed", false, BitbucketState::failed},
                                         StateCase{"canceled", false, BitbucketState::cancelled},
                                         StateCase{"blocked", false, BitbucketState::successful},
                                         StateCase{"passed", true, BitbucketState::successful},
                                         StateCase{"failed", true, BitbucketState::failed},
                                         StateCase{"skipped", false, std::nullopt},
                                         StateCase{"not_run", false, std::nullopt},
                                         StateCase{"brand_new_state", false, BitbucketState::unknown}));

TEST(StatePolicyChoice, ReplacesADefault) {
  StatePolicy policy;
  policy.chosen[BuildState::not_run] = BitbucketState::successful;
  policy.chosen[BuildState::canceled] = std::nullopt;
  EXPECT_EQ(bitbucket_state(a_build().not_run(), policy), BitbucketState::successful);
  EXPECT_EQ(bitbucket_state(a_build().canceled(), policy), std::nullopt);
  EXPECT_EQ(bitbucket_state(a_build().passed(), policy), BitbucketState::successful);
}

TEST(StatePolicyChoice, OfBlockedReplacesPassedButNeverFailed) {
  StatePolicy policy;
  policy.blocked = BitbucketState::in_progress;
  EXPECT_EQ(bitbucket_state(a_build().blocked(), policy), BitbucketState::in_progress);
  EXPECT_EQ(bitbucket_state(a_build().failed().blocked(), policy), BitbucketState::failed);
}

struct ClosingCase {
  std::string_view what;
  std::optional<StateChoice> canceled;  ///< what the user set, if anything
  std::optional<StateChoice> gone;
  BitbucketState closing_state;
  BitbucketState gone_state;
};

void PrintTo(const ClosingCase& c, std::ostream* out) {
  *out << c.what;
}

class ClosingStates : public testing::TestWithParam<ClosingCase> {};

TEST_P(ClosingStates, FollowTheUsersChoiceButLeaveNothingInProgress) {
  StatePolicy policy;
  if (GetParam().canceled) policy.chosen[BuildState::canceled] = *GetParam().canceled;
  policy.gone = GetParam().gone;
  EXPECT_EQ(closing_state(policy), GetParam().closing_state);
  EXPECT_EQ(gone_state(policy), GetParam().gone_state);
}

constexpr std::optional<StateChoice> unset;
constexpr std::optional<StateChoice> ignore = StateChoice();

constexpr std::optional<StateChoice> chosen(BitbucketState state) {
  return StateChoice(state);
}

INSTANTIATE_TEST_SUITE_P(Chosen, ClosingStates,
                         testing::Values(ClosingCase{"nothing set", unset, unset, BitbucketState::cancelled,
                                                     BitbucketState::cancelled},
                                         ClosingCase{"canceled set", chosen(BitbucketState::failed), unset,
                                                     BitbucketState::failed, BitbucketState::failed},
                                         ClosingCase{"gone set", unset, chosen(BitbucketState::unknown),
                                                     BitbucketState::cancelled, BitbucketState::unknown},
                                         ClosingCase{"both set", chosen(BitbucketState::failed),
                                                     chosen(BitbucketState::successful),
                                                     BitbucketState::failed, BitbucketState::successful},
                                         ClosingCase{"canceled ignored", ignore, unset,
                                                     BitbucketState::cancelled, BitbucketState::cancelled},
                                         ClosingCase{"gone ignored", chosen(BitbucketState::failed), ignore,
                                                     BitbucketState::failed, BitbucketState::failed}));

TEST(OpenBuilds, AreAllReportedUnlessTheUserIgnoresAnOpenState) {
  EXPECT_TRUE(reports_open_builds({}));
  for (const auto state : {BuildState::creating, BuildState::scheduled, BuildState::waiting,
                           BuildState::running, BuildState::failing, BuildState::canceling}) {
    StatePolicy policy;
    policy.chosen[state] = BitbucketState::unknown;
    EXPECT_TRUE(reports_open_builds(policy)) << word_of(state) << ", only mapped";
    policy.chosen[state] = std::nullopt;
    EXPECT_FALSE(reports_open_builds(policy)) << word_of(state);
  }
  for (const auto state : {BuildState::passed, BuildState::canceled, BuildState::skipped}) {
    StatePolicy policy;
    policy.chosen[state] = std::nullopt;
    EXPECT_TRUE(reports_open_builds(policy)) << word_of(state) << " has ended";
  }
}

TEST(Verdict, OfAnOrdinaryBuildNamesRepositoryCommitAndKey) {
  const Build build = a_build().of("web").commit(std::string(40, 'A')).passed();
  const Verdict verdict = judged(build, rules());
  EXPECT_EQ(verdict.bearing, Bearing::decides);
  EXPECT_EQ(verdict.key, (StatusKey{{"ACME", "web"}, std::string(40, 'a'), build.pipeline.id}));
  EXPECT_EQ(verdict.status.state, BitbucketState::successful);
}

TEST(Verdict, WaitsForTheFullCommitOfAnOpenBuildAndGivesUpWithItsEnd) {
  for (const auto* commit : {"HEAD", "main", "0a1b2c3", "g123456789012345678901234567890123456789"}) {
    EXPECT_EQ(judged(a_build().commit(commit).running(), rules()).bearing, Bearing::awaits_commit) << commit;
    EXPECT_EQ(judged(a_build().commit(commit).passed(), rules()).bearing, Bearing::unreportable) << commit;
  }
  EXPECT_EQ(judged(a_build().commit(std::string(64, 'b')), rules()).bearing, Bearing::decides);
}

TEST(Verdict, OfABuildThatNeverRanOnlyClosesWhatItOpened) {
  const Verdict verdict = judged(a_build().skipped(), rules());
  EXPECT_EQ(verdict.bearing, Bearing::without_verdict);
  EXPECT_EQ(verdict.status.state, BitbucketState::cancelled);
}

TEST(Verdict, OfAnIgnoredStateLeavesNothingInProgress) {
  Rules all = rules();
  all.presentation.states.chosen[BuildState::canceled] = std::nullopt;
  all.presentation.states.chosen[BuildState::running] = std::nullopt;
  EXPECT_EQ(judged(a_build().running(), all).bearing, Bearing::ignored);
  const Verdict ended = judged(a_build().canceled(), all);
  EXPECT_EQ(ended.bearing, Bearing::without_verdict);
  EXPECT_EQ(ended.status.state, BitbucketState::cancelled);
}

TEST(Verdict, LeavesOutOtherServersUnlessToldToUseTheLegacyEndpoint) {
  const Build build = a_build().in_repository("git@github.com:acme/web.git");
  Rules all = rules();
  EXPECT_EQ(judged(build, all).bearing, Bearing::other_repository);
  all.scope.report_unmatched = true;
  EXPECT_EQ(judged(build, all).bearing, Bearing::decides);
  EXPECT_EQ(judged(build, all).key.repository, Repository{});
}

TEST(Verdict, FollowsTheFilters) {
  Rules all = rules();
  all.scope.pipelines = {"web*"};
  all.scope.exclude_branches = {"tmp/*"};
  EXPECT_EQ(judged(a_build().of("web-shop"), all).bearing, Bearing::decides);
  EXPECT_EQ(judged(a_build().of("deploy"), all).bearing, Bearing::filtered_out);
  EXPECT_EQ(judged(a_build().of("web").on("tmp/x"), all).bearing, Bearing::filtered_out);
}

TEST(Verdict, FollowsTheFiltersBySource) {
  Rules all = rules();
  all.scope.sources = {"webhook", "u*"};
  all.scope.exclude_sources = {"schedule"};
  Build build = a_build();
  for (const auto& [source, bearing] :
       {std::pair("webhook", Bearing::decides), std::pair("ui", Bearing::decides),
        std::pair("schedule", Bearing::filtered_out), std::pair("api", Bearing::filtered_out)}) {
    build.source = source;
    EXPECT_EQ(judged(build, all).bearing, bearing) << source;
  }
}

TEST(Verdict, FollowsTheFirstOverrideThatMatchesThePipelineAndSetsTheMatter) {
  Rules all = rules();
  all.overrides.resize(2);
  PipelineOverride& deploy = all.overrides.at(0);
  deploy.slug = "deploy-*";
  deploy.texts.name = "Deployment {build.number}";
  deploy.texts.parent = "deploy";
  deploy.states.blocked = BitbucketState::in_progress;
  PipelineOverride& any = all.overrides.at(1);
  any.slug = "*";
  any.texts.key = "{pipeline.slug}";
  any.texts.name = "other name";
  any.states.blocked = BitbucketState::unknown;
  any.states.chosen[BuildState::canceled] = std::nullopt;
  const Verdict blocked = judged(a_build().of("deploy-web").number(7).blocked(), all);
  EXPECT_EQ(blocked.status.state, BitbucketState::in_progress);
  EXPECT_EQ(blocked.status.name, "Deployment 7");
  EXPECT_EQ(blocked.status.parent, "deploy");
  EXPECT_EQ(blocked.key.key, "deploy-web") << "set by the second only";
  EXPECT_EQ(judged(a_build().of("deploy-web").canceled(), all).bearing, Bearing::without_verdict);
  EXPECT_EQ(judged(a_build().of("web").blocked(), all).status.state, BitbucketState::unknown);
  EXPECT_EQ(judged(a_build().of("web").passed(), all).status.parent, "web") << "set by none that matches";
}

TEST(Verdict, GivesBuildsOfPullRequestsAStatusOfTheirOwnWhenTold) {
  Rules all = rules();
  const Build branch = a_build().number(1);
  const Build pull_request = a_build().number(2).commit(branch.commit).for_pull_request("87");
  EXPECT_EQ(judged(branch, all).key, judged(pull_request, all).key);
  EXPECT_EQ(judged(branch, all).subject, judged(pull_request, all).subject);
  all.separate_pull_requests = true;
  const Verdict apart = judged(pull_request, all);
  EXPECT_EQ(judged(branch, all).key.key, branch.pipeline.id);
  EXPECT_EQ(apart.key.key, branch.pipeline.id + "-pull-request");
  EXPECT_EQ(apart.status.name, branch.pipeline.name + " #2 (pull request)");
  EXPECT_EQ(apart.status.parent, branch.pipeline.slug) << "either satisfies a Required build";
  EXPECT_NE(judged(branch, all).subject, apart.subject);
}

TEST(Verdict, KeepsTheKeyUnderWhichACommitWasReportedFirst) {
  const Build build = a_build().of("web").number(3);
  const Rules before = rules();
  SavedState state;
  state.ledger.observe(sighting_of(build, judged(build, before)));
  Rules after = rules();
  after.presentation.templates.key = "{pipeline.slug}";
  const Build rebuilt = a_build().of("web").number(4).commit(build.commit);
  EXPECT_EQ(judge(rebuilt, after, state, support::noon).key.key, build.pipeline.id);
  const Build other_commit = a_build().of("web").number(5).commit(support::commit_named("other"));
  EXPECT_EQ(judge(other_commit, after, state, support::noon).key.key, "web");
  const Build other_pipeline =
      a_build().of("docs").commit(build.commit).in_repository(build.pipeline.repository);
  EXPECT_EQ(judge(other_pipeline, after, state, support::noon).key.key, "docs");
}

TEST(Verdict, KeepsBranchesApartWhereTheKeyNamesThem) {
  const Build on_main = a_build().of("web").number(3).on("main");
  const Build on_topic = a_build().of("web").number(4).on("topic").commit(on_main.commit);
  Rules all = rules();
  all.presentation.templates.key = "{pipeline.slug}/{build.branch}";
  SavedState state;
  state.ledger.observe(sighting_of(on_main, judge(on_main, all, state, support::noon)));
  EXPECT_EQ(judge(on_topic, all, state, support::noon).key.key, "web/topic");
  EXPECT_EQ(judge(on_main, all, state, support::noon).key.key, "web/main");
}

TEST(Verdict, KeepsTheKeyOfACommitAlsoWhenTheTemplateBeginsOrCeasesToNameTheBranch) {
  const Build build = a_build().of("web").number(3).on("main");
  const Build rebuilt = a_build().of("web").number(4).on("main").commit(build.commit);
  for (const auto& [before, after] : {std::pair("{pipeline.slug}", "{pipeline.slug}/{build.branch}"),
                                      std::pair("{pipeline.slug}/{build.branch}", "{pipeline.slug}")}) {
    Rules all = rules();
    all.presentation.templates.key = before;
    SavedState state;
    const Verdict first = judge(build, all, state, support::noon);
    state.ledger.observe(sighting_of(build, first));
    all.presentation.templates.key = after;
    EXPECT_EQ(judge(rebuilt, all, state, support::noon).key, first.key) << after;
    EXPECT_EQ(judge(rebuilt, all, state, support::noon).subject, first.subject) << after;
  }
}

/// Of the two shards, the one that web does not belong to.
Rules rules_of_another_shard() {
  Rules all = rules();
  all.shard = {3 - shard_of("web", 2).number, 2};
  return all;
}

TEST(Verdict, LeavesThePipelinesOfOtherShardsToThem) {
  const Build build = a_build().of("web");
  Rules all = rules_of_another_shard();
  EXPECT_EQ(judge_in_shard(build, all, {}, support::noon).bearing, Bearing::other_shard);
  all.shard = shard_of("web", 2);
  EXPECT_EQ(judge_in_shard(build, all, {}, support::noon).bearing, Bearing::decides);
  all.scope.pipelines = {"api"};
  EXPECT_EQ(judge_in_shard(build, all, {}, support::noon).bearing, Bearing::filtered_out);
}

TEST(Verdict, AsksNobodyForThePipelinesOfOtherShards) {
  const Build on_unknown_host = a_build().of("web").in_repository("ssh://git@old-name.example/acme/web.git");
  EXPECT_EQ(judge_in_shard(on_unknown_host, rules_of_another_shard(), {}, support::noon).bearing,
            Bearing::other_shard);
  const Build on_head = a_build().of("web").running().commit("HEAD");
  EXPECT_EQ(judge_in_shard(on_head, rules_of_another_shard(), {}, support::noon).bearing,
            Bearing::other_shard);
}

TEST(Verdict, FinishesWhatWasBegunBeforeThePipelineWentToAnotherShard) {
  const Rules all = rules_of_another_shard();
  const auto web = [](std::uint64_t number) {
    return a_build().of("web").number(number).commit(support::commit_named("c"));
  };
  SavedState state;
  Ledger& ledger = state.ledger;
  const auto bearing_of = [&](const Build& build) {
    return judge_in_shard(build, all, state, support::noon).bearing;
  };
  ledger.observe(sighting_of(web(3).running(), judged(web(3).running(), all)));
  EXPECT_EQ(bearing_of(web(3).passed()), Bearing::decides);
  EXPECT_EQ(bearing_of(web(3).skipped()), Bearing::without_verdict);
  EXPECT_EQ(bearing_of(web(4).running()), Bearing::decides) << "a newer build";
  EXPECT_EQ(bearing_of(web(4).commit(support::commit_named("d"))), Bearing::other_shard);
  ledger.observe(sighting_of(web(3).passed(), judged(web(3).passed(), all)));
  EXPECT_EQ(bearing_of(web(3).passed()), Bearing::decides) << "the verdict is not delivered yet";
  ledger.at(0).told = told_by(ledger.at(0).outgoing->status);
  ledger.at(0).outgoing.reset();
  EXPECT_EQ(bearing_of(web(4).running()), Bearing::other_shard) << "nothing is left to finish";
}

TEST(Verdict, LeavesOutTheScheduledBuildsOfThePipelineItRunsIn) {
  Rules all = rules();
  all.scope.own_pipeline = "statuses";
  Build build = a_build().of("statuses");
  build.source = "schedule";
  EXPECT_EQ(judged(build, all).bearing, Bearing::filtered_out);
  build.source = "webhook";
  EXPECT_EQ(judged(build, all).bearing, Bearing::decides);
}

}  // namespace
}  // namespace connector
