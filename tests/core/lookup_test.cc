// Builds that are asked for by their number, and whether a pass has anything to read again.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/a_sighting.hh"
#include "core/ledger/reread.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

using Places = std::vector<std::string>;

/// An open build whose commit's answer did not include it.
void add_open(Ledger& ledger, std::uint64_t number) {
  Sighting seen = sighting(number, BitbucketState::in_progress, true);
  seen.key.commit = support::commit_named(std::to_string(number));
  ledger.observe(seen);
  LedgerEntry& entry = *ledger.find(seen.key);
  entry.seen_in_this_pass = false;
  entry.commit_read = true;
}

Places places(const std::vector<Lookup>& lookups) {
  Places found;
  for (const Lookup& lookup : lookups) found.push_back(build_place(lookup));
  return found;
}

TEST(Lookups, NameTheBuildOfAnEntryOrAWaitingOne) {
  Ledger ledger;
  add_open(ledger, 1);
  add_open(ledger, 2);
  ledger.at(0).seen_in_this_pass = true;
  Rereads rereads;
  rereads.waiting_builds["id-7"] = {"api", 7, noon, {}, false};
  const auto lookups = next_lookups(rereads, ledger, 10);
  ASSERT_EQ(places(lookups), (Places{"api/7", "web/2"}));
  EXPECT_FALSE(lookups[0].entry.has_value());
  EXPECT_EQ(lookups[0].waiting_id, "id-7");
  EXPECT_EQ(lookups[1].entry, 1U);
}

TEST(Lookups, AreOfOpenBuildsThatTheirCommitsAnswerDidNotInclude) {
  using Change = std::function<void(LedgerEntry&)>;
  const std::vector<std::pair<std::string_view, Change>> rows = {
      {"ended", [](LedgerEntry& entry) { entry.build_open = false; }},
      {"shown", [](LedgerEntry& entry) { entry.seen_in_this_pass = true; }},
      {"commit not read yet", [](LedgerEntry& entry) { entry.commit_read = false; }}};
  for (const auto& [what, change] : rows) {
    Ledger ledger;
    add_open(ledger, 1);
    EXPECT_EQ(places(next_lookups({}, ledger, 10)), Places{"web/1"});
    change(ledger.at(0));
    EXPECT_EQ(places(next_lookups({}, ledger, 10)), Places{}) << what;
  }
}

TEST(Lookups, LeaveOutWaitingBuildsThatWereShown) {
  Rereads rereads;
  rereads.waiting_builds["id-7"] = {"api", 7, noon, {}, true};
  EXPECT_EQ(places(next_lookups(rereads, {}, 10)), Places{});
}

TEST(Lookups, TakeTurnsWhateverTheyAreFor) {
  Ledger ledger;
  for (const std::uint64_t number : {3U, 1U}) add_open(ledger, number);
  Rereads rereads;
  rereads.waiting_builds["id-a"] = {"web", 2, noon, {}, false};
  rereads.waiting_builds["id-b"] = {"api", 9, noon, {}, false};
  Places order;
  for (int turn = 0; turn < 5; ++turn) {
    const auto next = next_lookups(rereads, ledger, 1);
    ASSERT_EQ(next.size(), 1U);
    rereads.last_build = build_place(next.front());
    order.push_back(rereads.last_build);
  }
  EXPECT_EQ(order, (Places{"api/9", "web/1", "web/2", "web/3", "api/9"}));
  rereads.last_build = "web/1";
  EXPECT_EQ(places(next_lookups(rereads, ledger, 3)), (Places{"web/2", "web/3", "api/9"}));
  EXPECT_EQ(places(next_lookups(rereads, ledger, 0)), Places{});
}

TEST(RereadsOfAPass, AreToBeExpectedWhereverSomethingIsUndecided) {
  using Change = std::function<void(Rereads&, LedgerEntry&)>;
  const std::vector<std::pair<std::string_view, Change>> rows = {
      {"held commit", [](Rereads& rereads, LedgerEntry&) { rereads.held_commits.insert("a"); }},
      {"waiting build", [](Rereads& rereads, LedgerEntry&) { rereads.waiting_builds["id"] = {}; }},
      {"unfinished batch", [](Rereads& rereads, LedgerEntry&) { rereads.unfinished = CommitBatch{}; }},
      {"open build", [](Rereads&, LedgerEntry& entry) { entry.build_open = true; }},
      {"build to be closed", [](Rereads&, LedgerEntry& entry) { entry.closing = BuildStatus{}; }},
      {"status that waits", [](Rereads&, LedgerEntry& entry) { entry.outgoing = Outgoing{}; }}};
  for (const auto& [what, change] : rows) {
    Rereads rereads;
    Ledger ledger;
    ledger.observe(sighting(1, BitbucketState::successful));
    deliver(ledger);
    EXPECT_FALSE(may_have_rereads(rereads, ledger));
    change(rereads, ledger.at(0));
    EXPECT_TRUE(may_have_rereads(rereads, ledger)) << what;
  }
}

}  // namespace
}  // namespace connector
