// What the ledger keeps for later, and what it notes of a pass alone.
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

/// Bitbucket shows build `number` as successful; a new pass has begun.
Ledger delivered(std::uint64_t number) {
  Ledger ledger;
  ledger.observe(sighting(number, BitbucketState::successful));
  deliver(ledger);
  ledger.begin_pass();
  return ledger;
}

TEST(LastStatus, IsKeptWhileTheBuildMayDisappear) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  deliver(ledger);
  EXPECT_EQ(ledger.find(web_key)->last_status, sighting(1, BitbucketState::in_progress).status);
  ledger.observe(sighting(1, BitbucketState::failed, true));
  EXPECT_EQ(ledger.find(web_key)->last_status, sighting(1, BitbucketState::failed).status)
      << "the newest one";
  ledger.observe(sighting(1, BitbucketState::failed));
  EXPECT_FALSE(ledger.find(web_key)->last_status.has_value()) << "the build has ended";
}

TEST(LastStatus, IsKeptWhileALatePostMayReplaceIt) {
  Ledger ledger = delivered(1);
  ledger.find(web_key)->doubt = Doubt{std::nullopt, noon, 0};
  ledger.observe(sighting(1, BitbucketState::successful));
  EXPECT_EQ(ledger.outbox_size(), 0U);
  EXPECT_EQ(ledger.find(web_key)->last_status, sighting(1, BitbucketState::successful).status);
}

TEST(Observing, SaysWhetherAnUnknownBuildDecidesNow) {
  Ledger ledger;
  EXPECT_TRUE(ledger.observe(sighting(2, BitbucketState::in_progress, true)));
  EXPECT_FALSE(ledger.observe(sighting(2, BitbucketState::failed)));
  EXPECT_FALSE(ledger.observe(sighting(1, BitbucketState::failed)));
  EXPECT_TRUE(ledger.observe(sighting(3, BitbucketState::failed)));
}

TEST(KeyOfThisPass, IsOneOfWhichAnyBuildWasShown) {
  using Show = std::function<void(Ledger&)>;
  const std::vector<std::pair<std::string_view, Show>> rows = {
      {"an older build", [](Ledger& ledger) { ledger.observe(sighting(4, BitbucketState::failed)); }},
      {"an older one that never ran",
       [](Ledger& ledger) { ledger.observe_without_verdict(sighting(4, BitbucketState::cancelled)); }},
      {"a newer one that never ran",
       [](Ledger& ledger) { ledger.observe_without_verdict(sighting(6, BitbucketState::cancelled)); }}};
  for (const auto& [what, show] : rows) {
    Ledger ledger = delivered(5);
    show(ledger);
    EXPECT_TRUE(ledger.find(web_key)->key_in_this_pass) << what;
    EXPECT_FALSE(ledger.find(web_key)->seen_in_this_pass) << what << ": not the one that decides";
    ledger.forget_before(noon + 24h);
    ASSERT_EQ(ledger.size(), 1U) << what << " would decide, were the entry forgotten";
    ledger.begin_pass();
    EXPECT_FALSE(ledger.find(web_key)->key_in_this_pass) << what;
    ledger.forget_before(noon + 24h);
    EXPECT_EQ(ledger.size(), 0U) << what;
  }
}

TEST(Forgetting, SparesWhatIsNotSettled) {
  using Change = std::function<void(LedgerEntry&)>;
  const std::vector<std::pair<std::string_view, Change>> rows = {
      {"to be closed", [](LedgerEntry& entry) { entry.closing = BuildStatus{}; }},
      {"in doubt", [](LedgerEntry& entry) { entry.doubt = Doubt{}; }},
      {"waiting", [](LedgerEntry& entry) { entry.outgoing = Outgoing{}; }},
      {"as old as the horizon", [](LedgerEntry& entry) { entry.build_created_at = noon + 24h; }}};
  for (const auto& [what, change] : rows) {
    Ledger ledger = delivered(1);
    change(ledger.at(0));
    ledger.forget_before(noon + 24h);
    EXPECT_EQ(ledger.size(), 1U) << what;
  }
}

TEST(Forgetting, LeavesTheOthersToBeFound) {
  Ledger ledger = delivered(1);
  auto kept = sighting(2, BitbucketState::failed);
  kept.key.key = "another-pipeline";
  ledger.observe(kept);
  ledger.forget_before(noon + 24h);
  EXPECT_EQ(ledger.find(web_key), nullptr);
  ASSERT_NE(ledger.find(kept.key), nullptr);
  EXPECT_EQ(ledger.find(kept.key)->build_number, 2U);
  ledger.observe(kept);
  EXPECT_EQ(ledger.size(), 1U);
}

TEST(WrittenAhead, IsOnlyWhatWaitedWhenTheStateWasSaved) {
  Ledger ledger = delivered(1);
  ledger.mark_written_ahead();
  EXPECT_FALSE(ledger.at(0).written_ahead) << "nothing waited";
  ledger.observe(sighting(2, BitbucketState::in_progress, true));
  EXPECT_FALSE(ledger.at(0).written_ahead) << "came after the save";
  ledger.mark_written_ahead();
  EXPECT_TRUE(ledger.at(0).written_ahead);
  ledger.observe(sighting(2, BitbucketState::failed));
  EXPECT_FALSE(ledger.at(0).written_ahead) << "another status waits now";
  ledger.mark_written_ahead();
  ledger.begin_pass();
  EXPECT_FALSE(ledger.at(0).written_ahead) << "saved by an earlier pass";
}

TEST(WrittenAhead, StaysWhenOnlyTextsChangedAndSoDoesTheBackOff) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  ledger.mark_written_ahead();
  ledger.at(0).outgoing->not_before = noon + 5min;
  auto renamed = sighting(1, BitbucketState::successful);
  renamed.status.name = "another name";
  ledger.observe(renamed);
  EXPECT_TRUE(ledger.at(0).written_ahead);
  ASSERT_TRUE(ledger.at(0).outgoing.has_value());
  EXPECT_EQ(ledger.at(0).outgoing->not_before, noon + 5min);
  EXPECT_EQ(ledger.at(0).outgoing->status.name, "another name");
}

TEST(Outbox, BeginsAnewWithAnotherStatus) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  ledger.at(0).outgoing->not_before = noon + 6h;
  ledger.at(0).outgoing->refusals = 2;
  ledger.observe(sighting(1, BitbucketState::failed));
  EXPECT_EQ(ledger.at(0).outgoing, Outgoing{sighting(1, BitbucketState::failed).status});
}

}  // namespace
}  // namespace connector
