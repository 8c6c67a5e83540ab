// What is saved before a post, and what the next pass makes of posts that got no answer.
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "core/error.hh"
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

TEST(Trouble, WithALostAnswerLeavesNoWrongStatusBehind) {
  History history;
  history.add_passed_builds(1, 1, noon - 10min, 0ms);
  auto& organization = history.peers.organization;
  history.pass();
  organization.retry("web", 1);
  history.wait(1min);
  history.peers.bitbucket_faults.always(support::lose_the_answer());
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  EXPECT_EQ(history.shown("web", commit_named("1")), "INPROGRESS") << "it landed, though nobody said so";
  history.peers.bitbucket_faults.clear();
  organization.pass("web", 1);
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.shown("web", commit_named("1")), "SUCCESSFUL");
}

TEST(Saving, ComesBeforeTheFirstPostAndHoldsTheWholeOutbox) {
  History history;
  history.add_passed_builds(1, 30, noon - 10min, 0ms);
  std::size_t posts_at_first_save = 99;
  std::size_t outbox_at_first_save = 0;
  bool first = true;
  history.on_save = [&](SavedState& saved, pass::SaveMoment) {
    if (!std::exchange(first, false)) return;
    posts_at_first_save = history.peers.bitbucket_log.size();
    outbox_at_first_save = saved.ledger.outbox_size();
  };
  history.pass();
  EXPECT_EQ(posts_at_first_save, 0U);
  EXPECT_EQ(outbox_at_first_save, 30U);
}

TEST(Saving, ThatFailsKeepsThePassFromPosting) {
  History history;
  history.add_passed_builds(1, 3, noon - 10min, 0ms);
  history.on_save = [](SavedState&, pass::SaveMoment) { throw Error(ExitStatus::io_error, "disk full"); };
  EXPECT_THROW(history.pass(), Error);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

TEST(Crash, BetweenTheSavesRepeatsPostsAndLosesNone) {
  History history;
  history.add_passed_builds(1, 30, noon - 10min, 0ms);
  SavedState on_disk;
  history.on_save = [&](SavedState& saved, pass::SaveMoment moment) {
    if (moment == pass::SaveMoment::at_end) throw std::runtime_error("killed");
    on_disk = saved;
  };
  EXPECT_THROW(history.pass(), std::runtime_error);
  history.state = on_disk;
  history.on_save = [](SavedState&, pass::SaveMoment) {};
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket.record_count(), 30U);
  EXPECT_EQ(history.state.ledger.outbox_size(), 0U);
}

TEST(OutboxOfAnEarlierPass, IsNotPostedWhileListingsFail) {
  History history;
  history.add_passed_builds(1, 3, noon - 10min, 0ms);
  history.peers.bitbucket_faults.always(support::answer_status(503));
  history.pass();
  history.peers.bitbucket_faults.clear();
  history.peers.bitbucket_log.clear();
  history.peers.buildkite_faults.always(support::answer_status(500));
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "what is remembered may be outdated by now";
}

TEST(Deadline, InTheMiddleOfTheListingsLeavesWorkAndSaysSo) {
  History history;
  history.add_passed_builds(1, 3, noon - 10min, 0ms);
  history.pass();
  history.wait(1min);
  history.add_passed_builds(4, 4, noon, 1s);
  history.peers.buildkite_faults.whenever(
      [](const FakeRequest& request) {
        return request.target.find("created_from") != std::string::npos &&
               request.target.find("created_to") == std::string::npos;
      },
      support::answer_late(50s + 500ms));
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail) << history.messages;
  EXPECT_EQ(history.state.ledger.outbox_size(), 1U);
  history.peers.buildkite_faults.clear();
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.shown("web", commit_named("4")), "SUCCESSFUL");
}

TEST(Doubt, ThatBitbucketWillNotClearIsGivenUpAfterThreeReadings) {
  WebHistory history;
  auto& organization = history.organization;
  organization.create("web", commit_named("other"));
  history.pass();
  const auto number = organization.create("web", commit_named("c"));
  history.peers.bitbucket_faults.whenever(
      [](const FakeRequest& request) { return request.target.find("?key=") != std::string::npos; },
      support::answer_status(403));
  history.peers.bitbucket_faults.hold_back(3);
  history.pass();
  organization.pass("web", number);
  for (int minute = 0; minute < 60; ++minute) {
    history.wait(1min);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  }
  EXPECT_EQ(history.shown("web", commit_named("c")), "SUCCESSFUL");
  const std::size_t readings = history.peers.bitbucket_log.count("GET", "?key=");
  EXPECT_GE(readings, 1U);
  EXPECT_LE(readings, 4U);
  history.peers.bitbucket_log.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

}  // namespace
}  // namespace connector
