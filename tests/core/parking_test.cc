// Parked repositories: one that the account may not report on costs one request now and then, and holds up no
// other.
#include "core/ledger/parking.hh"

#include <gtest/gtest.h>

#include <chrono>

#include "core/a_sighting.hh"
#include "core/ledger/plan.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

const Repository web{"ACME", "web"};
const Evidence all_read{true, {}};

/// Builds of `count` commits of one repository, all waiting.
void add_waiting(Ledger& ledger, const Repository& repository, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    Sighting seen = sighting(i + 1, BitbucketState::successful);
    seen.key.repository = repository;
    seen.key.commit = support::commit_named(repository.slug + std::to_string(i));
    ledger.observe(std::move(seen));
  }
}

struct Parked : testing::Test {
  Parked() { add_waiting(ledger, web, 3); }

  /// Refused now, and at every next try, until `time` is over.
  std::vector<DeadLetter> refuse_for(std::chrono::milliseconds time) {
    std::vector<DeadLetter> letters;
    for (Timestamp now = noon; now <= noon + time; now = parked.at(web).until) {
      for (auto& letter : park(parked, ledger, web, "401", now)) letters.push_back(std::move(letter));
    }
    return letters;
  }

  Ledger ledger;
  ParkedRepositories parked;
};

TEST_F(Parked, GetNothingUntilTheirTimeIsOver) {
  EXPECT_TRUE(park(parked, ledger, web, "401", noon).empty());
  EXPECT_TRUE(is_parked(parked, web, noon + 5min - 1s));
  EXPECT_FALSE(is_parked(parked, web, noon + 5min));
  EXPECT_TRUE(plan_posts(ledger, all_read, parked, noon).empty());
  EXPECT_EQ(plan_posts(ledger, all_read, parked, noon + 5min).size(), 3U);
}

TEST_F(Parked, GetNothingThatComesLaterEither) {
  park(parked, ledger, web, "401", noon);
  ledger.observe(sighting(9, BitbucketState::failed));
  EXPECT_TRUE(plan_posts(ledger, all_read, parked, noon + 1min).empty());
}

TEST_F(Parked, HoldUpNoOtherRepository) {
  add_waiting(ledger, {"ACME", "shop"}, 2);
  park(parked, ledger, web, "401", noon);
  EXPECT_EQ(plan_posts(ledger, all_read, parked, noon).size(), 2U);
}

TEST_F(Parked, CountAnswersThatWereUnderWayTogetherAsOneRefusal) {
  for (int i = 0; i < 8; ++i) park(parked, ledger, web, "401", noon);
  EXPECT_EQ(parked.at(web).refusals, 1U);
  EXPECT_FALSE(is_parked(parked, web, noon + 5min));
}

TEST_F(Parked, AreTriedLessAndLessOftenButEverySixHours) {
  refuse_for(24h);
  const Timestamp last = parked.at(web).until;
  park(parked, ledger, web, "401", last);
  EXPECT_EQ(parked.at(web).until - last, 6h);
}

TEST_F(Parked, HaveTheirStatusesGivenUpAfterAWeekAsIfEachHadBeenTried) {
  EXPECT_TRUE(refuse_for(24h * 6).empty());
  const auto letters = refuse_for(24h * 8);
  ASSERT_EQ(letters.size(), 3U);
  EXPECT_EQ(letters.front().reason, "401");
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST_F(Parked, ForLongerThanAnythingIsParkedAreNot) {
  parked[web].until = noon + 24h * 365;
  EXPECT_FALSE(is_parked(parked, web, noon)) << "a wrong Date header's work";
}

TEST_F(Parked, GetWhatWaitsAtOnceWhenTheyAnswerAgain) {
  park(parked, ledger, web, "401", noon);
  EXPECT_TRUE(unpark(parked, ledger, web));
  EXPECT_EQ(plan_posts(ledger, all_read, parked, noon).size(), 3U);
  EXPECT_FALSE(unpark(parked, ledger, web)) << "it is not parked any more";
}

TEST_F(Parked, KeepAStatusWaitingThatWasRefusedForItself) {
  park(parked, ledger, web, "401", noon);
  ledger.at(0).outgoing->not_before = noon + 3h;
  unpark(parked, ledger, web);
  EXPECT_EQ(plan_posts(ledger, all_read, parked, noon).size(), 2U);
}

}  // namespace
}  // namespace connector
