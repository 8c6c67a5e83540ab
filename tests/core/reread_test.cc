// Commits that are read together: which ones, whose turn it is, and what becomes of a batch.
#include "core/ledger/reread.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/a_sighting.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

using Commits = std::vector<std::string>;

/// Commits to be read, by names that sort as they are written.
Rereads held(std::set<std::string> commits) {
  Rereads rereads;
  rereads.held_commits = std::move(commits);
  return rereads;
}

Commits next(const Rereads& rereads, const Ledger& ledger = {}, const Evidence& evidence = {}) {
  return next_batch(rereads, ledger, evidence, noon).commits;
}

std::optional<Position> position_at(std::optional<Timestamp> created_to) {
  return created_to ? std::optional(Position{*created_to}) : std::nullopt;
}

/// Begins to read the commits, and has read them down to this time.
void read(Rereads& rereads, const Commits& commits, std::optional<Timestamp> down_to) {
  batch_begun(rereads, {commits, std::nullopt});
  batch_read(rereads, position_at(down_to));
}

TEST(CommitTurns, GoRoundSoThatEachCommitGetsItsOwn) {
  Rereads rereads = held({"a", "b", "c", "d", "e"});
  rereads.batch_size = 2;
  EXPECT_EQ(next(rereads), (Commits{"a", "b"}));
  rereads.last_commit = "b";
  EXPECT_EQ(next(rereads), (Commits{"c", "d"}));
  rereads.last_commit = "d";
  EXPECT_EQ(next(rereads), (Commits{"e", "a"}));
  rereads.last_commit = "bb";
  EXPECT_EQ(next(rereads), (Commits{"c", "d"})) << "a commit that is not wanted any more keeps its place";
  rereads.batch_size = largest_batch;
  EXPECT_EQ(next(rereads), (Commits{"c", "d", "e", "a", "b"})) << "none twice";
  EXPECT_EQ(next({}), Commits{});
}

TEST(CommitTurns, MoveOnPastTheBatchThatEndedOrFailed) {
  Rereads rereads = held({"a", "b", "c"});
  rereads.batch_size = 2;
  batch_begun(rereads, {{"a", "b"}, std::nullopt});
  batch_failed(rereads, {{"a", "b"}, std::nullopt});
  EXPECT_EQ(next(rereads), Commits{"c"}) << "smaller, and others' turn";
  batch_begun(rereads, {{"c"}, std::nullopt});
  batch_ended(rereads, {{"c"}, std::nullopt});
  EXPECT_EQ(next(rereads), (Commits{"a", "b"}));
}

TEST(BatchSize, IsHalvedByEachFailureAndDoubledByEachEnd) {
  Rereads rereads;
  const auto sizes = [&](const auto& after_batch) {
    std::vector<std::size_t> found;
    for (int i = 0; i < 7 && rereads.batch_size > 0; ++i) {
      after_batch(rereads, CommitBatch{Commits(rereads.batch_size, "c"), std::nullopt});
      found.push_back(rereads.batch_size);
    }
    return found;
  };
  EXPECT_EQ(sizes(batch_failed), (std::vector<std::size_t>{25, 12, 6, 3, 1, 1, 1}));
  EXPECT_EQ(sizes(batch_ended), (std::vector<std::size_t>{2, 4, 8, 16, 32, 50, 50}));
}

TEST(BatchSize, IsHalfOfWhatFailedWhenTheBatchWasNotFull) {
  Rereads rereads;
  batch_failed(rereads, {{"a", "b", "c", "d"}, std::nullopt});
  EXPECT_EQ(rereads.batch_size, 2U);
}

void settled(LedgerEntry& /*entry*/) {}

void open(LedgerEntry& entry) {
  entry.build_open = true;
}

void waits(LedgerEntry& entry) {
  entry.outgoing = Outgoing{};
}

void waits_until_noon(LedgerEntry& entry) {
  waits(entry);
  entry.outgoing->not_before = noon;
}

void waits_until_after_noon(LedgerEntry& entry) {
  waits(entry);
  entry.outgoing->not_before = noon + 1s;
}

void to_be_closed(LedgerEntry& entry) {
  entry.closing = BuildStatus{};
}

/// The only entry of a ledger: what it has to say, and what this pass knows of it.
struct WantedRow {
  std::string_view what;
  void (*change)(LedgerEntry&);
  bool LedgerEntry::*known;
  bool wanted;
};

TEST(WantedCommits, AreThoseOfWhichNobodyKnowsWhatTheyAreToShow) {
  const std::vector<WantedRow> rows = {
      {"settled", settled, nullptr, false},
      {"open", open, nullptr, true},
      {"open, and shown", open, &LedgerEntry::seen_in_this_pass, false},
      {"open, commit read", open, &LedgerEntry::commit_read, false},
      {"waiting, from memory", waits, nullptr, true},
      {"waiting, and shown", waits, &LedgerEntry::seen_in_this_pass, false},
      {"waiting, and confirmed", waits, &LedgerEntry::confirmed, false},
      {"waiting, commit read over several passes", waits, &LedgerEntry::commit_read, false},
      {"in flight", waits, &LedgerEntry::in_hand, false},
      {"in back-off", waits_until_after_noon, nullptr, false},
      {"after its back-off", waits_until_noon, nullptr, true},
      {"to be closed", to_be_closed, nullptr, true},
      {"to be closed, and shown", to_be_closed, &LedgerEntry::seen_in_this_pass, true},
      {"to be closed, commit read", to_be_closed, &LedgerEntry::commit_read, false}};
  for (const WantedRow& row : rows) {
    Ledger ledger;
    ledger.observe(sighting(1, BitbucketState::successful));
    deliver(ledger);
    ledger.begin_pass();
    row.change(ledger.at(0));
    if (row.known != nullptr) ledger.at(0).*row.known = true;
    EXPECT_EQ(next({}, ledger), row.wanted ? Commits{web_key.commit} : Commits{}) << row.what;
  }
}

TEST(WantedCommits, AreNotThoseOfDueStatusesThatACompletePassWouldHaveCorrected) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::successful));
  ledger.begin_pass();
  EXPECT_EQ(next({}, ledger, {true, {}}), Commits{});
  EXPECT_EQ(next({}, ledger, {true, {{noon, noon + 1h}}}), Commits{web_key.commit}) << "a gap lies above";
}

TEST(WantedCommits, AreNamedOnceHoweverManyReasonsThereAre) {
  Ledger ledger;
  ledger.observe(sighting(1, BitbucketState::in_progress, true));
  ledger.begin_pass();
  EXPECT_EQ(next(held({web_key.commit}), ledger), Commits{web_key.commit});
}

TEST(UnfinishedBatch, IsGoneOnWithBeforeAnyOther) {
  Rereads rereads = held({"a", "b", "c", "d"});
  read(rereads, {"c", "d"}, noon - 1h);
  batch_cut(rereads);
  rereads.last_commit = "b";
  const CommitBatch rest{{"c", "d"}, Position{noon - 1h}};
  EXPECT_EQ(rereads.unfinished, rest);
  EXPECT_EQ(next_batch(rereads, {}, {}, noon), rest);
  batch_begun(rereads, rest);
  batch_read(rereads, std::nullopt);
  batch_cut(rereads);
  EXPECT_EQ(rereads.unfinished, rest) << "no page came, so it is where it was";
  batch_begun(rereads, rest);
  batch_read(rereads, Position{noon - 2h, 3});
  batch_cut(rereads);
  EXPECT_EQ(rereads.unfinished, (CommitBatch{{"c", "d"}, Position{noon - 2h, 3}}));
  batch_begun(rereads, *rereads.unfinished);
  batch_ended(rereads, {{"c", "d"}, Position{noon - 2h, 3}});
  EXPECT_EQ(next(rereads), (Commits{"a", "b"}));
}

TEST(BatchSize, IsHalvedByABatchThatTookSeveralPassesSinceOneHasToConfirmWhatWaits) {
  Rereads rereads;
  rereads.batch_size = 8;
  const CommitBatch continued{{"c"}, Position{noon - 1h}};
  batch_begun(rereads, continued);
  batch_ended(rereads, continued);
  EXPECT_EQ(rereads.batch_size, 4U);
}

TEST(UnfinishedBatch, IsGivenUpWhenItFails) {
  Rereads rereads = held({"a", "b", "c", "d"});
  read(rereads, {"a", "b"}, noon - 1h);
  batch_cut(rereads);
  batch_begun(rereads, *rereads.unfinished);
  batch_failed(rereads, *rereads.unfinished);
  EXPECT_EQ(rereads.reading, std::set<std::string>{});
  EXPECT_EQ(rereads.held_commits, (std::set<std::string>{"a", "b", "c", "d"})) << "nothing is settled";
  EXPECT_EQ(next_batch(rereads, {}, {}, noon), (CommitBatch{{"c"}, std::nullopt}));
}

TEST(EndedBatch, SettlesTheCommitsThatItRead) {
  Rereads rereads = held({"a", "b", "c"});
  read(rereads, {"a", "b"}, noon - 1h);
  EXPECT_EQ(batch_ended(rereads, {{"a", "b"}, std::nullopt}), (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(rereads.held_commits, std::set<std::string>{"c"});
  EXPECT_EQ(rereads.reading, std::set<std::string>{});
}

TEST(EndedBatch, SettlesNoCommitThatHasToBeReadAnew) {
  Rereads rereads = held({"a", "b"});
  read(rereads, {"a", "b"}, noon - 1h);
  hold(rereads, "a");
  EXPECT_EQ(batch_ended(rereads, {{"a", "b"}, std::nullopt}), std::set<std::string>{"b"});
  EXPECT_EQ(rereads.held_commits, std::set<std::string>{"a"});
}

TEST(Hold, OfABuildThatLostItsVerdictBeginsItsCommitAnewWhereverTheBatchIs) {
  Rereads rereads;
  batch_begun(rereads, {{"a", "b"}, std::nullopt});
  hold(rereads, "a");
  EXPECT_EQ(rereads.reading, std::set<std::string>{"b"}) << "before its first page";
  read(rereads, {"a", "b"}, noon);
  batch_cut(rereads);
  hold(rereads, "a");
  EXPECT_EQ(rereads.unfinished, (CommitBatch{{"b"}, Position{noon}})) << "between two passes";
  hold(rereads, "b");
  EXPECT_FALSE(rereads.unfinished.has_value()) << "nothing of it is left";
  EXPECT_EQ(rereads.held_commits, (std::set<std::string>{"a", "b"}));
}

struct HoldRow {
  std::string_view what;
  std::optional<Timestamp> read_down_to;
  Timestamp created_at;
  bool begins_anew;
};

const std::vector<HoldRow> hold_rows = {{"the batch has passed it", noon - 1h, noon, true},
                                        {"the batch has just come to it", noon, noon, true},
                                        {"the batch will come to it", noon, noon - 1s, false}};

TEST(Hold, OfABuildThatTheBatchHasPassedBeginsItsCommitAnew) {
  std::vector<HoldRow> rows = hold_rows;
  rows.push_back({"the batch has no page yet", std::nullopt, noon, false});
  for (const HoldRow& row : rows) {
    Rereads rereads;
    read(rereads, {"a", "b"}, row.read_down_to);
    hold(rereads, "a", row.created_at);
    EXPECT_EQ(rereads.reading.contains("a"), !row.begins_anew) << row.what;
    EXPECT_TRUE(rereads.reading.contains("b")) << row.what;
    EXPECT_TRUE(rereads.held_commits.contains("a")) << row.what;
    const auto settled = batch_ended(rereads, {{"a", "b"}, std::nullopt});
    EXPECT_EQ(settled.contains("a"), !row.begins_anew) << row.what;
    EXPECT_EQ(rereads.held_commits.contains("a"), row.begins_anew) << row.what;
  }
}

TEST(Hold, OfABuildThatAnEarlierPassHasPassedTakesItsCommitOutOfTheUnfinishedBatch) {
  for (const HoldRow& row : hold_rows) {
    Rereads rereads;
    rereads.unfinished = CommitBatch{{"a", "b"}, position_at(row.read_down_to)};
    hold(rereads, "a", row.created_at);
    EXPECT_EQ(rereads.unfinished->commits, row.begins_anew ? Commits{"b"} : (Commits{"a", "b"})) << row.what;
    EXPECT_EQ(rereads.held_commits, std::set<std::string>{"a"}) << row.what;
  }
}

TEST(Hold, OfAnotherCommitLeavesTheBatchAlone) {
  Rereads rereads;
  rereads.unfinished = CommitBatch{{"a"}, Position{noon - 1h}};
  batch_begun(rereads, *rereads.unfinished);
  hold(rereads, "b", noon);
  EXPECT_EQ(rereads.unfinished, (CommitBatch{{"a"}, Position{noon - 1h}}));
  EXPECT_EQ(rereads.reading, std::set<std::string>{"a"});
  EXPECT_EQ(rereads.held_commits, std::set<std::string>{"b"});
}

TEST(CutBatch, LeavesNothingToGoOnWithWhenAllOfItHasToBeReadAnew) {
  Rereads rereads;
  read(rereads, {"a"}, noon - 1h);
  hold(rereads, "a", noon);
  batch_cut(rereads);
  EXPECT_FALSE(rereads.unfinished.has_value());
  EXPECT_EQ(next(rereads), Commits{"a"});
}

}  // namespace
}  // namespace connector
