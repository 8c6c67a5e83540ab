// Histories that simpler rules get wrong. Each of them once left a wrong status behind in a model of this
// program.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::FakeRequest;
using support::noon;
using support::WebHistory;
using namespace std::chrono_literals;

const std::string commit = commit_named("c");

TEST(Counterexample, AfterAnIdleFortnightTheOldOverlapIsListedAgain) {
  WebHistory history;
  history.organization.add(a_build().of("web").number(1).commit(commit).created(noon - 12min).failed());
  history.organization.add(a_build().of("web").number(2).commit(commit).created(noon - 2min).passed());
  history.pass_for(2min);
  history.pass_for(24h * 15, 6h);
  history.organization.remove("web", 2);
  history.wait(1min);
  history.peers.buildkite_faults.next(support::answer_status(500), 9);
  history.pass();
  history.pass_for(2min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL") << "the newest verdict may not be forgotten";
}

TEST(Counterexample, ARetryOfAnOldBuildWhoseCommitHasANewerOneThatNoListingShows) {
  WebHistory history;
  history.organization.add(a_build().of("web").number(1).commit(commit).created(noon - 30min).failed());
  history.organization.add(a_build().of("web").number(2).commit(commit).created(noon - 20min).passed());
  history.pass_for(1min);
  history.organization.add(a_build().of("web").number(3).created(noon + 24h * 20).passed());
  history.pass_for(24h * 21, 24h);
  ASSERT_EQ(history.state.ledger.find({{"ACME", "web"}, commit, support::a_pipeline("web").id}), nullptr)
      << "the ledger has forgotten the commit";
  history.organization.retry("web", 1);
  history.pass_for(2min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL") << "build 2 is newer";
  history.organization.fail("web", 1);
  history.pass_for(2min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL");
}

TEST(Counterexample, APostWithoutAnAnswerLandsLateAroundAReopen) {
  WebHistory history;
  const auto number = history.organization.create("web", commit);
  history.organization.start("web", number);
  history.organization.pass("web", number);
  history.pass_for(1min);
  history.organization.retry("web", number);
  history.wait(1min);
  history.peers.bitbucket_faults.hold_back(3);
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  history.peers.bitbucket_faults.clear();
  history.organization.pass("web", number);
  history.pass_for(1min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL");
  history.peers.bitbucket_faults.release();
  EXPECT_EQ(history.shown_on(commit), "INPROGRESS") << "it landed late";
  history.pass_for(10min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL");
  EXPECT_GE(history.peers.bitbucket_log.count("GET", "?key="), 1U);
  history.peers.bitbucket_log.clear();
  history.pass_for(10min);
  EXPECT_EQ(history.peers.bitbucket_log.count("POST"), 0U);
  history.pass_for(10min);
  EXPECT_LE(history.peers.bitbucket_log.size(), 1U) << "once it agrees, Bitbucket is left alone";
}

TEST(Counterexample, APassThatWasKilledWhilePostingAroundAReopen) {
  WebHistory history;
  const auto number = history.organization.create("web", commit);
  history.organization.start("web", number);
  history.organization.pass("web", number);
  history.pass_for(1min);
  history.organization.retry("web", number);
  history.wait(1min);
  SavedState on_disk;
  history.on_save = [&](SavedState& saved, pass::SaveMoment moment) {
    if (moment == pass::SaveMoment::at_end) throw std::runtime_error("killed");
    on_disk = saved;
  };
  EXPECT_THROW(history.pass(), std::runtime_error);
  EXPECT_EQ(history.shown_on(commit), "INPROGRESS");
  history.state = on_disk;
  history.on_save = [](SavedState&, pass::SaveMoment) {};
  history.organization.pass("web", number);
  history.pass_for(1min);
  EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL") << "what was told before the crash is not what is shown";
}

TEST(Counterexample, ANewerBuildIsSkippedAfterAnOlderOnePassed) {
  for (const bool told_of_the_newer : {true, false}) {
    WebHistory history;
    history.organization.add(a_build().of("web").number(1).commit(commit).created(noon - 20min).passed());
    history.pass_for(1min);
    const auto newer = history.organization.create("web", commit);
    if (told_of_the_newer) {
      history.pass_for(1min);
      EXPECT_EQ(history.shown_on(commit), "INPROGRESS");
    }
    history.organization.skip("web", newer);
    history.pass_for(1min);
    EXPECT_EQ(history.shown_on(commit), "SUCCESSFUL") << "a build that never ran has no part in it";
  }
}

TEST(Counterexample, AFinishedListingIsCutWhileCreatedMovesOn) {
  WebHistory history;
  history.settings.per_page = 10;
  for (int i = 1; i <= 60; ++i) {
    history.organization.create("web", commit_named(std::to_string(i)));
    history.organization.advance(1s);
  }
  for (std::uint64_t number = 1; number <= 60; ++number) history.organization.start("web", number);
  history.pass_for(3min);
  history.wait(1h);
  for (std::uint64_t number = 1; number <= 60; ++number) history.organization.pass("web", number);
  history.peers.buildkite.settings().user_limit = 8;
  for (int minute = 0; minute < 15; ++minute) {
    history.organization.create("web", commit_named("new " + std::to_string(minute)));
    history.pass_for(1min);
  }
  for (int i = 1; i <= 60; ++i)
    EXPECT_EQ(history.shown_on(commit_named(std::to_string(i))), "SUCCESSFUL") << i;
}

TEST(Counterexample, AHeadIsLargerThanTheQuotaForHours) {
  WebHistory history;
  history.settings.per_page = 10;
  history.peers.buildkite.settings().user_limit = 8;
  history.pass_for(1min);
  for (int minute = 0; minute < 30; ++minute) {
    for (int i = 0; i < 60; ++i) {
      const auto number = history.organization.create("web", commit_named(std::to_string(minute * 60 + i)));
      history.organization.start("web", number);
      history.organization.pass("web", number);
      history.organization.advance(1s);
    }
    history.pass();
  }
  history.peers.buildkite.settings().user_limit = 180;
  history.pass_for(30min);
  for (int i = 0; i < 1800; ++i)
    ASSERT_EQ(history.shown_on(commit_named(std::to_string(i))), "SUCCESSFUL") << i;
}

TEST(Counterexample, ADeletedBuildAndABuildOnHeadAreInTheWayOfABatch) {
  WebHistory history;
  const auto deleted = history.organization.create("web", commit_named("deleted"));
  const auto on_head = history.organization.create("web", "HEAD");
  const auto other = history.organization.create("web", commit_named("other"));
  for (const auto number : {deleted, on_head, other}) history.organization.start("web", number);
  history.pass_for(1min);
  history.wait(2h);
  history.organization.remove("web", deleted);
  history.pass_for(1min);
  EXPECT_EQ(history.shown_on(commit_named("deleted")), "INPROGRESS") << "one 404 proves nothing";
  history.organization.resolve_commit("web", on_head, commit_named("resolved"));
  history.organization.pass("web", on_head);
  history.organization.pass("web", other);
  history.pass_for(40min, 5min);
  EXPECT_EQ(history.shown_on(commit_named("deleted")), "CANCELLED");
  EXPECT_EQ(history.shown_on(commit_named("resolved")), "SUCCESSFUL");
  EXPECT_EQ(history.shown_on(commit_named("other")), "SUCCESSFUL");
}

}  // namespace
}  // namespace connector
