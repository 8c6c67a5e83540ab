// Posts without an answer: when Bitbucket is read for them, and what the reading changes.
#include "core/ledger/doubt.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/a_sighting.hh"
#include "core/ledger/ledger.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

using Positions = std::vector<std::size_t>;

Told told(std::uint64_t number, BitbucketState state) {
  return told_by(sighting(number, state).status);
}

const Told progress = told(1, BitbucketState::in_progress);
const Told success = told(1, BitbucketState::successful);

/// Build 1 was posted as in progress at noon, without an answer; then it passed, which was delivered.
Ledger in_doubt() {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  doubt(ledger.at(0), progress, noon);
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  return ledger;
}

TEST(Doubt, LeavesUnknownWhatBitbucketShowsAndReadsItInFiveMinutes) {
  LedgerEntry entry;
  entry.told = told(1, BitbucketState::failed);
  doubt(entry, success, noon);
  EXPECT_FALSE(entry.told.has_value());
  EXPECT_EQ(entry.doubt, (Doubt{success, noon + 5min, 0}));
}

TEST(Doubt, OfSeveralPostsWaitsForTheLastOne) {
  LedgerEntry entry;
  doubt(entry, progress, noon);
  doubt(entry, progress, noon + 1min);
  EXPECT_EQ(entry.doubt, (Doubt{progress, noon + 6min, 0})) << "the same once more";
  doubt(entry, success, noon + 2min);
  EXPECT_EQ(entry.doubt, (Doubt{std::nullopt, noon + 7min, 0})) << "any of two may land last";
  doubt(entry, success, noon + 3min);
  EXPECT_EQ(entry.doubt, (Doubt{std::nullopt, noon + 8min, 0})) << "the first one may land still";
}

TEST(Doubt, KeepsCountOfTheReadingsThatDiffered) {
  LedgerEntry entry;
  entry.doubt = Doubt{std::nullopt, noon, 2};
  doubt(entry, success, noon);
  EXPECT_EQ(entry.doubt->checks, 2U);
}

TEST(Doubt, IsOfAllThatWaitedWhenAPassWasKilledWhilePosting) {
  Ledger ledger;
  auto delivered = sighting(1, BitbucketState::successful);
  delivered.key.commit = std::string(40, 'b');
  ledger.observe(delivered);
  ledger.at(0).told = told_by(ledger.at(0).outgoing->status);
  ledger.at(0).outgoing.reset();
  ledger.observe(sighting(2, BitbucketState::failed));
  doubt_outbox(ledger, noon);
  EXPECT_FALSE(ledger.at(0).doubt.has_value());
  EXPECT_TRUE(ledger.at(0).told.has_value());
  EXPECT_EQ(ledger.at(1).doubt, (Doubt{told(2, BitbucketState::failed), noon + 5min, 0}));
  EXPECT_TRUE(ledger.at(1).outgoing.has_value()) << "posted once more";
}

TEST(DoubtToCheck, IsReadOnceNothingCanBeOnItsWayAnyMore) {
  Ledger ledger = in_doubt();
  EXPECT_EQ(doubts_to_check(ledger, noon + 5min - 1s), Positions{});
  EXPECT_EQ(doubts_to_check(ledger, noon + 5min), Positions{0});
}

TEST(DoubtToCheck, WaitsWhileTheStatusIsNotDelivered) {
  const std::vector<std::pair<std::string_view, std::function<void(LedgerEntry&)>>> rows = {
      {"nothing known to be told", [](auto& entry) { entry.told.reset(); }},
      {"something waits", [](auto& entry) { entry.outgoing = Outgoing{}; }},
      {"in flight", [](auto& entry) { entry.in_hand = true; }},
      {"no doubt", [](auto& entry) { entry.doubt.reset(); }}};
  for (const auto& [what, change] : rows) {
    Ledger ledger = in_doubt();
    change(ledger.at(0));
    const auto before = ledger.at(0).doubt;
    EXPECT_EQ(doubts_to_check(ledger, noon + 1h), Positions{}) << what;
    EXPECT_EQ(ledger.at(0).doubt, before) << what;
  }
}

TEST(DoubtToCheck, NeedsNoReadingWhenWhatMayLandIsWhatWasTold) {
  Ledger ledger = in_doubt();
  ledger.at(0).doubt->posted = success;
  EXPECT_EQ(doubts_to_check(ledger, noon + 4min), Positions{});
  EXPECT_TRUE(ledger.at(0).doubt.has_value()) << "a newer post may get no answer meanwhile";
  EXPECT_EQ(doubts_to_check(ledger, noon + 5min), Positions{});
  EXPECT_FALSE(ledger.at(0).doubt.has_value());
  EXPECT_FALSE(ledger.at(0).last_status.has_value()) << "needed no more";
}

TEST(DoubtToCheck, IsReadAtOnceWhenItsTimeIsAWrongClocks) {
  Ledger ledger = in_doubt();
  ledger.at(0).doubt->check_at = noon + 10min;
  EXPECT_EQ(doubts_to_check(ledger, noon), Positions{});
  ledger.at(0).doubt->check_at = noon + 10min + 1s;
  EXPECT_EQ(doubts_to_check(ledger, noon), Positions{0});
}

TEST(DoubtCheck, EndsTheDoubtWhenBitbucketShowsWhatItWasTold) {
  Ledger ledger = in_doubt();
  settle_check(ledger.at(0), Reading::agrees, noon + 5min);
  EXPECT_FALSE(ledger.at(0).doubt.has_value());
  EXPECT_EQ(ledger.at(0).told, success);
  EXPECT_EQ(ledger.outbox_size(), 0U);
  EXPECT_FALSE(ledger.at(0).last_status.has_value());
}

TEST(DoubtCheck, KeepsTheStatusOfAnOpenBuildInCaseItDisappears) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  doubt(ledger.at(0), success, noon);
  deliver(ledger);
  settle_check(ledger.at(0), Reading::agrees, noon + 5min);
  EXPECT_FALSE(ledger.at(0).doubt.has_value());
  EXPECT_TRUE(ledger.at(0).last_status.has_value());
}

TEST(DoubtCheck, RepeatsTheStatusThatALatePostReplaced) {
  Ledger ledger = in_doubt();
  ledger.at(0).written_ahead = true;
  settle_check(ledger.at(0), Reading::differs, noon + 5min);
  const LedgerEntry& entry = ledger.at(0);
  EXPECT_FALSE(entry.told.has_value());
  ASSERT_TRUE(entry.outgoing.has_value());
  EXPECT_EQ(told_by(entry.outgoing->status), success);
  EXPECT_FALSE(entry.written_ahead) << "the saved state does not hold it yet";
  EXPECT_EQ(entry.doubt, (Doubt{std::nullopt, noon + 10min, 1})) << "and is read again";
}

TEST(DoubtCheck, EndsAfterThreeMoreReadingsOfAServerThatNeverShowsIt) {
  Ledger ledger = in_doubt();
  for (unsigned reading = 1; reading <= 3; ++reading) {
    settle_check(ledger.at(0), Reading::differs, noon + reading * 5min);
    ASSERT_EQ(ledger.outbox_size(), 1U) << reading;
    deliver(ledger);
    ASSERT_EQ(doubts_to_check(ledger, noon + (reading + 1) * 5min), Positions{0}) << reading;
  }
  settle_check(ledger.at(0), Reading::differs, noon + 20min);
  EXPECT_FALSE(ledger.at(0).doubt.has_value());
  EXPECT_EQ(ledger.at(0).told, success);
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(DoubtCheck, ChangesNothingWhenTheDoubtEndedWhileBitbucketWasRead) {
  Ledger ledger = in_doubt();
  ledger.at(0).doubt.reset();
  settle_check(ledger.at(0), Reading::differs, noon + 5min);
  EXPECT_EQ(ledger.at(0).told, success);
  EXPECT_EQ(ledger.outbox_size(), 0U);
  ledger = in_doubt();
  ledger.at(0).told.reset();
  settle_check(ledger.at(0), Reading::agrees, noon + 5min);
  EXPECT_TRUE(ledger.at(0).doubt.has_value()) << "a newer post got no answer meanwhile";
}

}  // namespace
}  // namespace connector
