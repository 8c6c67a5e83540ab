// The ledger: which build decides, what is due, and in which order it is posted.
#include "core/ledger/ledger.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "core/a_sighting.hh"
#include "core/ledger/doubt.hh"
#include "core/ledger/plan.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

TEST(Ledger, LetsTheHighestBuildNumberWinInAnyOrderOfArrival) {
  std::vector<std::uint64_t> order = {1, 2, 3, 4};
  do {
    Ledger ledger;
    for (const auto number : order) {
      ledger.observe(sighting(number, number == 4 ? BitbucketState::successful : BitbucketState::failed));
    }
    const LedgerEntry* entry = ledger.find(web_key);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->build_number, 4U);
    ASSERT_TRUE(entry->outgoing.has_value());
    EXPECT_EQ(entry->outgoing->status.state, BitbucketState::successful);
    EXPECT_EQ(ledger.size(), 1U);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Ledger, HasNothingDueForABuildThatBitbucketWasToldOf) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Ledger, IsDueWhenANewerBuildHasTheSameState) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.observe(sighting(2, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 1U) << "the link must lead to the newest build";
}

TEST(Ledger, IsNotDueWhenOnlyTextsChanged) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  auto renamed = sighting(1, BitbucketState::successful);
  renamed.status.name = "another name";
  ledger.observe(renamed);
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Ledger, StopsBeingDueWhenABuildReturnsToWhatWasTold) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::failed));
  deliver(ledger);
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  EXPECT_EQ(ledger.outbox_size(), 1U);
  ledger.observe(sighting(1, BitbucketState::failed));
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Ledger, LetsTheEndedReadWinWhenTwoReadsOfAPassDisagree) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.state, BitbucketState::successful);
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.state, BitbucketState::in_progress) << "reopened";
}

TEST(Ledger, ClosesAStatusWhoseBuildEndedWithoutRunning) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  deliver(ledger);
  EXPECT_TRUE(ledger.observe_without_verdict(sighting(1, BitbucketState::cancelled)));
  EXPECT_EQ(ledger.outbox_size(), 0U) << "an older build may have run";
  read_commit(ledger);
  ASSERT_TRUE(ledger.find(web_key)->outgoing.has_value());
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.state, BitbucketState::cancelled);
  deliver(ledger);
  ledger.begin_pass();
  EXPECT_FALSE(ledger.observe_without_verdict(sighting(1, BitbucketState::cancelled))) << "shown again";
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Ledger, LetsABuildThatNeverRanEraseNoVerdict) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  EXPECT_EQ(ledger.outbox_size(), 0U);
  EXPECT_EQ(ledger.find(web_key)->told->build_number, 1U);
}

TEST(Ledger, WithdrawsAnUndeliveredStatusOfABuildThatNeverRan) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.observe(sighting(2, BitbucketState::in_progress, true));
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  EXPECT_EQ(ledger.outbox_size(), 0U);
  ledger.observe(sighting(1, BitbucketState::failed));
  EXPECT_EQ(ledger.outbox_size(), 1U) << "the older build decides again";
}

TEST(Ledger, HasNothingToCloseWhenBitbucketWasNeverTold) {
  Ledger ledger;
  ledger.observe(sighting(2, BitbucketState::in_progress, true));
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  read_commit(ledger);
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Ledger, LetsAnOlderBuildDecideWhenTheNewestTurnsOutNotToHaveRun) {
  Ledger ledger;
  ledger.observe(sighting(2, BitbucketState::in_progress, true));
  deliver(ledger);
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  ledger.observe(sighting(1, BitbucketState::successful));
  read_commit(ledger);
  ASSERT_TRUE(ledger.find(web_key)->outgoing.has_value());
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.state, BitbucketState::successful);
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.build_number, 1U);
}

TEST(Ledger, ClosesABuildThatIsGoneWithItsOwnLink) {
  Ledger ledger;
  ledger.observe(sighting(7, BitbucketState::in_progress, true));
  deliver(ledger);
  ledger.declare_gone(0, BitbucketState::cancelled);
  read_commit(ledger);
  ASSERT_TRUE(ledger.find(web_key)->outgoing.has_value());
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.state, BitbucketState::cancelled);
  EXPECT_EQ(ledger.find(web_key)->outgoing->status.url, "https://buildkite.com/acme-inc/web/builds/7");
}

TEST(Ledger, DoesNotTryAgainWhatItGaveUpUntilTheBuildChanges) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  LedgerEntry& entry = *ledger.find(web_key);
  entry.given_up = told_by(entry.outgoing->status);
  entry.outgoing.reset();
  ledger.observe(sighting(1, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 0U);
  ledger.observe(sighting(2, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 1U);
}

TEST(Ledger, TriesAgainWhatItGaveUpOnceTheBuildHasShownSomethingElse) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::failed));
  LedgerEntry& entry = *ledger.find(web_key);
  entry.given_up = told_by(entry.outgoing->status);
  entry.outgoing.reset();
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::failed));
  EXPECT_EQ(ledger.outbox_size(), 1U);
}

TEST(Ledger, StaysDueWhileBitbucketMayShowSomethingElse) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  LedgerEntry& entry = *ledger.find(web_key);
  doubt(entry, told_by(entry.outgoing->status), noon);
  ledger.begin_pass();
  ledger.observe(sighting(1, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 1U) << "the lost INPROGRESS may have landed";
}

TEST(Ledger, ClosesAStatusThatMayHaveArrived) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  LedgerEntry& entry = *ledger.find(web_key);
  doubt(entry, told_by(entry.outgoing->status), noon);
  ledger.observe_without_verdict(sighting(1, BitbucketState::cancelled));
  read_commit(ledger);
  ASSERT_TRUE(entry.outgoing.has_value());
  EXPECT_EQ(entry.outgoing->status.state, BitbucketState::cancelled);
}

TEST(Ledger, ForgetsOnlyWhatIsDeliveredClosedUnseenAndOld) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  ledger.forget_before(noon + 24h);
  EXPECT_EQ(ledger.size(), 1U) << "not delivered";
  deliver(ledger);
  ledger.forget_before(noon + 24h);
  EXPECT_EQ(ledger.size(), 1U) << "seen in this pass";
  ledger.begin_pass();
  ledger.forget_before(noon);
  EXPECT_EQ(ledger.size(), 1U) << "young";
  ledger.find(web_key)->build_open = true;
  ledger.forget_before(noon + 24h);
  EXPECT_EQ(ledger.size(), 1U) << "open";
  ledger.find(web_key)->build_open = false;
  ledger.forget_before(noon + 24h);
  EXPECT_EQ(ledger.size(), 0U);
  EXPECT_EQ(ledger.find(web_key), nullptr);
}

/// Three entries on commits of their own: an old closed one, a new closed one, a newer open one.
Ledger three_entries() {
  Ledger ledger;
  const std::vector<std::pair<std::uint64_t, bool>> rows = {{1, false}, {3, true}, {2, false}};
  for (const auto& [number, open] : rows) {
    auto seen = sighting(number, open ? BitbucketState::in_progress : BitbucketState::failed, open);
    seen.key.commit = std::string(40, static_cast<char>('0' + number));
    ledger.observe(seen);
  }
  return ledger;
}

std::vector<std::uint64_t> numbers(const Ledger& ledger, const std::vector<std::size_t>& positions) {
  std::vector<std::uint64_t> found;
  for (const auto position : positions) found.push_back(ledger.entries().at(position).build_number);
  return found;
}

TEST(Plan, PutsVerdictsBeforeProgressAndTheNewestFirst) {
  const Ledger ledger = three_entries();
  EXPECT_EQ(numbers(ledger, plan_posts(ledger, {true, {}}, {}, noon)), (std::vector<std::uint64_t>{2, 1, 3}));
}

TEST(Plan, PostsFromMemoryOnlyWhatACompleteReadWouldHaveCorrected) {
  Ledger ledger = three_entries();
  ledger.begin_pass();  // the outbox of an earlier pass; nothing was shown again
  EXPECT_EQ(plan_posts(ledger, {true, {}}, {}, noon).size(), 3U);
  EXPECT_TRUE(plan_posts(ledger, {false, {}}, {}, noon).empty());
  const std::vector<Gap> gap_above_the_two_older = {{noon + 2min, noon + 2min + 1s}};
  EXPECT_EQ(numbers(ledger, plan_posts(ledger, {true, gap_above_the_two_older}, {}, noon)),
            (std::vector<std::uint64_t>{3}));
}

TEST(Plan, PutsWhatKeepsFailingLast) {
  Ledger ledger = three_entries();
  ledger.at(2).outgoing->failures = 1;
  EXPECT_EQ(numbers(ledger, plan_posts(ledger, {true, {}}, {}, noon)), (std::vector<std::uint64_t>{1, 3, 2}));
}

TEST(Plan, TakesABackOffFromAWrongClockForOver) {
  Ledger ledger = three_entries();
  ledger.at(0).outgoing->not_before = noon + 24h * 3650;
  EXPECT_EQ(plan_posts(ledger, {true, {}}, {}, noon).size(), 3U);
}

TEST(Plan, LeavesOutWhatIsInBackOffOrInHand) {
  Ledger ledger = three_entries();
  ledger.at(0).outgoing->not_before = noon + 1s;
  ledger.at(1).in_hand = true;
  EXPECT_EQ(numbers(ledger, plan_posts(ledger, {true, {}}, {}, noon)), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(numbers(ledger, plan_posts(ledger, {true, {}}, {}, noon + 1s)),
            (std::vector<std::uint64_t>{2, 1}));
}

}  // namespace
}  // namespace connector
