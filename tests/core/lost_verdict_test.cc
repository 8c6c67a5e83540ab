// The deciding build turns out to have no verdict, or is gone: what the ledger withdraws, what it waits for,
// and what it closes.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/a_sighting.hh"
#include "core/ledger/doubt.hh"
#include "core/ledger/ledger.hh"
#include "core/ledger/settle.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

/// Bitbucket shows build `number` as in progress.
Ledger in_progress(std::uint64_t number) {
  Ledger ledger;
  ledger.observe(sighting(number, BitbucketState::in_progress, true));
  deliver(ledger);
  return ledger;
}

/// And then the build was skipped.
Ledger skipped(std::uint64_t number) {
  Ledger ledger = in_progress(number);
  ledger.observe_without_verdict(sighting(number, BitbucketState::cancelled));
  return ledger;
}

std::optional<Told> waiting(const Ledger& ledger) {
  const auto& outgoing = ledger.find(web_key)->outgoing;
  return outgoing ? std::optional(told_by(outgoing->status)) : std::nullopt;
}

Told told(std::uint64_t number, BitbucketState state) {
  return told_by(sighting(number, state).status);
}

TEST(LostVerdict, LeavesNoBuildThatDecides) {
  const Ledger ledger = skipped(5);
  const LedgerEntry& entry = *ledger.find(web_key);
  EXPECT_EQ(entry.build_number, 0U);
  EXPECT_FALSE(entry.build_open) << "it is not looked for any more";
  EXPECT_FALSE(entry.last_status.has_value());
  EXPECT_EQ(entry.told, told(5, BitbucketState::in_progress)) << "which Bitbucket shows still";
}

TEST(LostVerdict, RemembersTheNewestBuildThatLostIt) {
  Ledger ledger = skipped(5);
  EXPECT_EQ(ledger.find(web_key)->newest_without_verdict, 5U);
  ledger.observe(sighting(3, BitbucketState::in_progress, true));
  EXPECT_EQ(ledger.find(web_key)->newest_without_verdict, 5U);
  ledger.observe_without_verdict(sighting(3, BitbucketState::cancelled));
  EXPECT_EQ(ledger.find(web_key)->newest_without_verdict, 5U);
  ledger.observe(sighting(8, BitbucketState::in_progress, true));
  ledger.observe_without_verdict(sighting(8, BitbucketState::cancelled));
  EXPECT_EQ(ledger.find(web_key)->newest_without_verdict, 8U);
}

TEST(LostVerdict, IsNoneOfABuildThatDidNotDecide) {
  Ledger ledger = in_progress(5);
  EXPECT_FALSE(ledger.observe_without_verdict(sighting(4, BitbucketState::cancelled)));
  EXPECT_FALSE(ledger.observe_without_verdict(sighting(6, BitbucketState::cancelled)));
  const LedgerEntry& entry = *ledger.find(web_key);
  EXPECT_EQ(entry.build_number, 5U);
  EXPECT_TRUE(entry.build_open);
  EXPECT_EQ(entry.newest_without_verdict, 0U);
  EXPECT_FALSE(entry.closing.has_value());
}

TEST(LostVerdict, IsNoneOfAKeyThatTheLedgerDoesNotKnow) {
  Ledger ledger;
  EXPECT_FALSE(ledger.observe_without_verdict(sighting(1, BitbucketState::cancelled)));
  EXPECT_EQ(ledger.size(), 0U);
}

TEST(Closing, WaitsUntilItsOwnCommitWasRead) {
  Ledger ledger = skipped(5);
  ledger.conclude({std::string(40, 'b')}, CommitRead::in_this_pass);
  EXPECT_EQ(waiting(ledger), std::nullopt);
  EXPECT_TRUE(ledger.find(web_key)->closing.has_value());
  EXPECT_FALSE(ledger.find(web_key)->commit_read);
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), told(5, BitbucketState::cancelled));
  EXPECT_FALSE(ledger.find(web_key)->closing.has_value()) << "said once";
}

TEST(Closing, IsWithdrawnOnceAnyBuildThatRanIsShown) {
  Ledger ledger = skipped(5);
  ledger.observe(sighting(2, BitbucketState::failed));
  EXPECT_FALSE(ledger.find(web_key)->closing.has_value());
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), told(2, BitbucketState::failed));
}

TEST(Closing, OverwritesNoVerdictOfAnotherBuild) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  deliver(ledger);
  ledger.observe(sighting(2, BitbucketState::in_progress, true));
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), std::nullopt) << "build 1 is gone from Buildkite, its verdict stays";
  EXPECT_EQ(ledger.find(web_key)->told, told(1, BitbucketState::successful));
}

TEST(Closing, EndsAnOlderBuildThatIsShownInProgressStill) {
  Ledger ledger = in_progress(1);
  ledger.observe(sighting(2, BitbucketState::in_progress, true));  // and is not delivered
  ledger.begin_pass();
  ledger.observe_without_verdict(sighting(2, BitbucketState::cancelled));
  ledger.observe_without_verdict(sighting(1, BitbucketState::cancelled));
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), told(2, BitbucketState::cancelled));
}

TEST(ConcludedCommit, ConfirmsWhatOnePassReadAlone) {
  Ledger ledger = in_progress(5);
  ledger.conclude({web_key.commit}, CommitRead::over_several_passes);
  EXPECT_TRUE(ledger.find(web_key)->commit_read);
  EXPECT_FALSE(ledger.find(web_key)->confirmed) << "what was read first may have changed";
  ledger.conclude({web_key.commit}, CommitRead::in_this_pass);
  EXPECT_TRUE(ledger.find(web_key)->confirmed);
  ledger.conclude({web_key.commit}, CommitRead::over_several_passes);
  EXPECT_TRUE(ledger.find(web_key)->confirmed);
}

TEST(ConcludedCommit, LetsAClosingStatusBePostedHoweverItWasRead) {
  Ledger ledger = skipped(5);
  ledger.conclude({web_key.commit}, CommitRead::over_several_passes);
  EXPECT_TRUE(ledger.find(web_key)->confirmed);
  EXPECT_EQ(waiting(ledger), told(5, BitbucketState::cancelled));
}

TEST(GoneBuild, IsClosedWithTheTextsItWasToldWith) {
  Ledger ledger;
  auto seen = sighting(7, BitbucketState::in_progress, true);
  seen.status.name = "Web #7";
  seen.status.parent = "web";
  seen.status.ref = "refs/heads/main";
  ledger.observe(seen);
  deliver(ledger);
  ledger.find(web_key)->missing = Missing{noon, 3, false};
  ledger.declare_gone(0, BitbucketState::unknown);
  EXPECT_FALSE(ledger.find(web_key)->build_open);
  EXPECT_FALSE(ledger.find(web_key)->missing.has_value());
  EXPECT_EQ(ledger.find(web_key)->newest_without_verdict, 7U);
  EXPECT_EQ(waiting(ledger), std::nullopt) << "an older build may have run";
  read_commit(ledger);
  seen.status.state = BitbucketState::unknown;
  ASSERT_TRUE(ledger.find(web_key)->outgoing.has_value());
  EXPECT_EQ(ledger.find(web_key)->outgoing->status, seen.status);
}

TEST(GoneBuild, HasNothingMoreToSay) {
  Ledger ledger = in_progress(7);
  ledger.observe(sighting(7, BitbucketState::failed, true));
  EXPECT_EQ(waiting(ledger), told(7, BitbucketState::failed));
  ledger.declare_gone(0, BitbucketState::cancelled);
  EXPECT_EQ(waiting(ledger), std::nullopt);
  ledger.observe(sighting(4, BitbucketState::successful));
  EXPECT_EQ(waiting(ledger), told(4, BitbucketState::successful)) << "an older build decides";
}

TEST(GoneBuild, IsClosedAgainWhenALatePostReplacesWhatWasToldBefore) {
  Ledger ledger;
  ledger.observe(sighting(7, BitbucketState::in_progress, true));
  doubt(ledger.at(0), told(7, BitbucketState::in_progress), noon);
  ledger.observe(sighting(7, BitbucketState::cancelled, true));  // canceling, which the user mapped so
  deliver(ledger);
  ledger.declare_gone(0, BitbucketState::cancelled);
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), std::nullopt) << "it was told already";
  ASSERT_EQ(doubts_to_check(ledger, noon + 5min), std::vector<std::size_t>{0});
  settle_check(ledger.at(0), Reading::differs, noon + 5min);
  EXPECT_EQ(waiting(ledger), told(7, BitbucketState::cancelled));
}

TEST(MissingBuild, IsForgottenToBeMissingOnceItIsShown) {
  Ledger ledger = in_progress(7);
  ledger.find(web_key)->missing = Missing{noon, 2, false};
  ledger.observe(sighting(6, BitbucketState::failed));
  EXPECT_TRUE(ledger.find(web_key)->missing.has_value()) << "another build";
  ledger.observe(sighting(7, BitbucketState::in_progress, true));
  EXPECT_FALSE(ledger.find(web_key)->missing.has_value());
}

/// The post of what waits is on its way.
LedgerEntry& in_flight(Ledger& ledger) {
  LedgerEntry& entry = *ledger.find(web_key);
  entry.in_flight = true;
  return entry;
}

void arrive(LedgerEntry& entry, const Told& posted) {
  entry.in_flight = false;
  settle(entry, posted, {DeliveryResult::delivered, false, {}}, noon);
}

TEST(LostVerdict, WhileItsPostIsInFlightIsClosedWhenThatIsAnswered) {
  Ledger ledger;
  ledger.observe(sighting(5, BitbucketState::in_progress, true));
  LedgerEntry& entry = in_flight(ledger);
  ledger.observe_without_verdict(sighting(5, BitbucketState::cancelled));
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), std::nullopt) << "nobody knows yet whether there is anything to close";
  arrive(entry, told(5, BitbucketState::in_progress));
  ledger.begin_pass();
  read_commit(ledger);
  EXPECT_EQ(waiting(ledger), told(5, BitbucketState::cancelled));
}

TEST(LostVerdict, WhileItsPostIsInFlightHasTheOlderBuildToldAgain) {
  Ledger ledger;
  ledger.observe(sighting(3, BitbucketState::successful));
  deliver(ledger);
  ledger.observe(sighting(5, BitbucketState::in_progress, true));
  LedgerEntry& entry = in_flight(ledger);
  ledger.observe_without_verdict(sighting(5, BitbucketState::cancelled));
  ledger.observe(sighting(3, BitbucketState::successful));
  arrive(entry, told(5, BitbucketState::in_progress));
  EXPECT_EQ(waiting(ledger), told(3, BitbucketState::successful)) << "build 5 has replaced it";
}

}  // namespace
}  // namespace connector
