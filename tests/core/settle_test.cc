#include "core/ledger/settle.hh"

#include <gtest/gtest.h>

#include <chrono>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

LedgerEntry waiting_entry(std::uint64_t number = 1) {
  LedgerEntry entry;
  entry.pipeline = "web";
  entry.build_number = number;
  BuildStatus status;
  status.state = BitbucketState::successful;
  status.build_number = number;
  status.url = "https://buildkite.com/acme-inc/web/builds/" + std::to_string(number);
  entry.outgoing = Outgoing{status};
  return entry;
}

Told posted(const LedgerEntry& entry) {
  return told_by(entry.outgoing->status);
}

TEST(Settle, RemembersADeliveredStatusAndEmptiesTheOutbox) {
  LedgerEntry entry = waiting_entry();
  const Told told = posted(entry);
  EXPECT_FALSE(settle(entry, told, {DeliveryResult::delivered, false, {}}, noon).has_value());
  EXPECT_EQ(entry.told, told);
  EXPECT_FALSE(entry.outgoing.has_value());
}

TEST(Settle, KeepsWhatBecameDueWhileAnOlderStatusWasInFlight) {
  LedgerEntry entry = waiting_entry(2);
  const Told older = posted(waiting_entry(1));
  settle(entry, older, {DeliveryResult::delivered, false, {}}, noon);
  EXPECT_EQ(entry.told, older);
  EXPECT_TRUE(entry.outgoing.has_value());
}

TEST(Settle, LeavesEverythingForTheNextPassWhenTheDeliveryMayHaveFailed) {
  for (const auto result : {DeliveryResult::try_later, DeliveryResult::bad_login, DeliveryResult::proxy_login,
                            DeliveryResult::not_the_api}) {
    LedgerEntry entry = waiting_entry();
    settle(entry, posted(entry), {result, false, "no answer"}, noon);
    EXPECT_FALSE(entry.told.has_value());
    ASSERT_TRUE(entry.outgoing.has_value());
    EXPECT_FALSE(entry.outgoing->not_before.has_value());
  }
}

TEST(Settle, RemembersThatAStatusWithoutAnAnswerMayHaveArrived) {
  LedgerEntry entry = waiting_entry();
  const Told told = posted(entry);
  settle(entry, told, {DeliveryResult::try_later, true, "connection reset"}, noon);
  ASSERT_TRUE(entry.doubt.has_value());
  EXPECT_EQ(entry.doubt->posted, told);
  EXPECT_EQ(entry.outgoing->failures, 1U);
  settle(entry, told, {DeliveryResult::delivered, false, {}}, noon);
  EXPECT_EQ(entry.told, told);
  EXPECT_TRUE(entry.doubt.has_value()) << "the lost one may land late";
}

TEST(Settle, RemembersThatAnAttemptMayArriveWhateverBecameOfTheNextOne) {
  for (const auto result : {DeliveryResult::delivered, DeliveryResult::try_later, DeliveryResult::refused,
                            DeliveryResult::bad_login, DeliveryResult::proxy_login,
                            DeliveryResult::not_permitted, DeliveryResult::not_the_api}) {
    LedgerEntry entry = waiting_entry();
    settle(entry, posted(entry), {result, true, "answered"}, noon);
    EXPECT_TRUE(entry.doubt.has_value());
  }
}

TEST(Settle, BacksOffFromRefusalsLongerEachTime) {
  LedgerEntry entry = waiting_entry();
  settle(entry, posted(entry), {DeliveryResult::refused, false, "404"}, noon);
  EXPECT_EQ(entry.outgoing->not_before, noon + 5min);
  settle(entry, posted(entry), {DeliveryResult::refused, false, "404"}, noon + 5min);
  EXPECT_EQ(entry.outgoing->not_before, noon + 15min);
  EXPECT_EQ(refusal_backoff(100), 6h);
}

TEST(Settle, GivesNothingUpAfterASecondTryAlone) {
  LedgerEntry entry = waiting_entry();
  const Told told = posted(entry);
  const Delivery refused{DeliveryResult::refused, false, "404"};
  EXPECT_FALSE(settle(entry, told, refused, noon).has_value());
  EXPECT_FALSE(settle(entry, told, refused, noon + 10 * 24h).has_value()) << "no pass ran meanwhile";
  EXPECT_TRUE(settle(entry, told, refused, noon + 10 * 24h + 10min).has_value());
}

TEST(Settle, MakesADeadLetterOfWhatIsRefusedForAWeek) {
  LedgerEntry entry = waiting_entry();
  const Told told = posted(entry);
  EXPECT_FALSE(settle(entry, told, {DeliveryResult::refused, false, "404"}, noon).has_value());
  EXPECT_FALSE(
      settle(entry, told, {DeliveryResult::refused, false, "404"}, noon + refusal_patience - 1s).has_value());
  const auto letter = settle(entry, told, {DeliveryResult::refused, false, "404"}, noon + refusal_patience);
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(letter->reason, "404");
  EXPECT_EQ(letter->build_number, 1U);
  EXPECT_FALSE(entry.outgoing.has_value());
  EXPECT_EQ(entry.given_up, told);
}

TEST(DeadLetter, WithADoubtIsForgottenLikeAnyOther) {
  LedgerEntry entry = waiting_entry();
  entry.build_open = false;
  const Told told = posted(entry);
  settle(entry, told, {DeliveryResult::try_later, true, "502"}, noon);
  give_up(entry, told, "404", noon);
  EXPECT_TRUE(entry.doubt.has_value()) << "the lost post may still land after what comes next";
  Ledger ledger;
  ledger.add(entry);
  ledger.forget_before(entry.build_created_at + 1s);
  EXPECT_EQ(ledger.size(), 0U);
}

}  // namespace
}  // namespace connector
