// Cursors, gaps, and what may be posted from memory because of them.
#include "core/listing/cursor.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds overlap = 15min;

Cursors at(Timestamp created, Timestamp last_complete) {
  Cursors cursors;
  cursors.created = created;
  cursors.finished = created;
  cursors.last_complete = last_complete;
  return cursors;
}

TEST(CreatedFloor, IsUnknownOnTheFirstPass) {
  EXPECT_FALSE(created_floor({}, overlap).has_value());
}

TEST(CreatedFloor, LiesAnOverlapBelowTheCursor) {
  EXPECT_EQ(created_floor(at(noon, noon), overlap), noon - overlap);
}

TEST(CreatedFloor, RisesToTheCursorWhenTheOrganizationIsIdle) {
  EXPECT_EQ(created_floor(at(noon, noon + 5min), overlap), noon - 10min);
  EXPECT_EQ(created_floor(at(noon, noon + 3h), overlap), noon);
}

TEST(CreatedFloor, StaysLowWhenNoPassEverReadEverything) {
  Cursors cursors;
  cursors.created = noon;
  EXPECT_EQ(created_floor(cursors, overlap), noon - overlap);
}

TEST(CreatedCursor, MovesToTheNewestBuildSeen) {
  const auto moved =
      after_head(at(noon, noon), {noon + 1min, noon - overlap, true}, noon + 5min, noon - 168h);
  EXPECT_EQ(moved.created, noon + 1min);
  EXPECT_TRUE(moved.gaps.empty());
}

TEST(CreatedCursor, NeverMovesBeyondTheServersClockNorBack) {
  EXPECT_EQ(after_head(at(noon, noon), {noon + 10 * 8760h, noon, true}, noon + 5min, noon).created,
            noon + 5min);
  EXPECT_EQ(after_head(at(noon, noon), {noon - 1h, noon, true}, noon + 5min, noon).created, noon);
}

TEST(CreatedCursor, StaysWhenAnAnswerIsEmptyOrNoneCame) {
  EXPECT_EQ(after_head(at(noon, noon), {std::nullopt, noon, true}, noon + 5min, noon), at(noon, noon + 5min));
  EXPECT_EQ(after_head(at(noon, noon), {}, noon + 5min, noon), at(noon, noon));
}

TEST(LastCompletePass, IsOneThatReadDownToTheOldCursor) {
  const auto after = [](const HeadRead& head) {
    return after_head(at(noon, noon), head, noon + 5min, noon - 168h).last_complete;
  };
  EXPECT_EQ(after({noon + 1min, noon - overlap, true}), noon + 5min);
  EXPECT_EQ(after({noon + 1min, noon - 1min, false, noon - 61s}), noon + 5min)
      << "else a large overlap is read for ever";
  EXPECT_EQ(after({noon + 4min, noon + 1min, false, noon + 59s}), noon) << "builds between were never read";
  EXPECT_EQ(after({}), noon);
}

TEST(Gaps, AreWhatACutHeadLeftUnreadAboveTheOldCursor) {
  const auto moved = after_head(at(noon, noon), {noon + 1h, noon + 40min, false}, noon + 2h, noon - 168h);
  EXPECT_EQ(moved.created, noon + 1h) << "the newest builds come first, the gap later";
  EXPECT_EQ(moved.gaps, (std::vector<Gap>{{noon, noon + 40min}}));
}

TEST(Gaps, AreNotMadeByACutBelowTheOldCursor) {
  const auto moved =
      after_head(at(noon, noon), {noon + 1h, noon - 1min, false, noon - 61s}, noon + 2h, noon - 168h);
  EXPECT_TRUE(moved.gaps.empty());
}

TEST(Gaps, OfTheFirstPassReachDownToTheInitialSearchTime) {
  const auto moved = after_head({}, {noon, noon - 2h, false}, noon + 1s, noon - 168h);
  EXPECT_EQ(moved.created, noon);
  EXPECT_EQ(moved.gaps, (std::vector<Gap>{{noon - 168h, noon - 2h}}));
}

TEST(Gaps, ShrinkFromTheTopAndVanish) {
  Cursors cursors = at(noon, noon);
  cursors.gaps = {{noon - 2h, noon - 1h}, {noon - 9h, noon - 8h}};
  cursors = after_gap(cursors, Position{noon - 90min}, false);
  EXPECT_EQ(cursors.gaps.front(), (Gap{noon - 2h, noon - 90min}));
  EXPECT_EQ(after_gap(cursors, std::nullopt, false), cursors) << "no page was read";
  cursors = after_gap(cursors, Position{noon - 2h}, true);
  EXPECT_EQ(cursors.gaps, (std::vector<Gap>{{noon - 9h, noon - 8h}}));
}

TEST(Gaps, RememberThePageWithinASecondThatHoldsMoreThanOne) {
  Cursors cursors = at(noon, noon);
  cursors.gaps = {{noon - 2h, noon - 1h}};
  cursors = after_gap(cursors, Position{noon - 1h, 2}, false);
  EXPECT_EQ(cursors.gaps.front(), (Gap{noon - 2h, noon - 1h, 2}));
  EXPECT_EQ(merge_gaps({cursors.gaps.front(), {noon - 3h, noon - 2h}}).front(),
            (Gap{noon - 3h, noon - 1h, 2}));
  EXPECT_EQ(merge_gaps({cursors.gaps.front(), {noon - 90min, noon - 1h}}).front().page, 2U)
      << "a head that is cut within this second in every pass begins it anew in none";
  cursors = after_gap(cursors, Position{noon - 90min}, false);
  EXPECT_EQ(cursors.gaps.front(), (Gap{noon - 2h, noon - 90min}));
}

TEST(Gaps, AreNotMadeByACutWithinTheSecondOfTheOldCursor) {
  const auto moved =
      after_head(at(noon + 500ms, noon), {noon + 1h, noon + 1s, false, noon + 400ms}, noon + 2h, noon - 168h);
  EXPECT_TRUE(moved.gaps.empty()) << "an older build than the cursor was shown";
}

TEST(Gaps, AreMergedNewestFirst) {
  const std::vector<Gap> merged =
      merge_gaps({{noon, noon + 1h}, {noon + 5h, noon + 6h}, {noon + 1h, noon + 2h}, {noon + 9h, noon + 9h}});
  EXPECT_EQ(merged, (std::vector<Gap>{{noon + 5h, noon + 6h}, {noon, noon + 2h}}));
}

/// A finished listing that was read to its end and showed `newest`.
Cursors after_whole_walk(const Cursors& cursors, std::optional<Timestamp> newest, Timestamp server_date) {
  const FinishedTask task = finished_task(cursors, noon - overlap, noon - 168h, overlap);
  return after_finished(cursors, task, {true, {}, newest, false}, server_date, overlap);
}

TEST(FinishedCursor, MovesToTheNewestEndSeenNeverBackNorBeyondTheServersClock) {
  EXPECT_EQ(after_whole_walk(at(noon, noon), noon + 3min, noon + 5min).finished, noon + 3min);
  EXPECT_EQ(after_whole_walk(at(noon, noon), noon - 3min, noon + 5min).finished, noon);
  EXPECT_EQ(after_whole_walk(at(noon, noon), noon + 9min, noon + 5min).finished, noon + 5min);
  EXPECT_EQ(after_whole_walk(at(noon, noon), std::nullopt, noon + 5min).finished, noon);
}

TEST(FinishedCursor, BeginsNoFurtherBackThanAnOverlap) {
  EXPECT_EQ(after_whole_walk({}, std::nullopt, noon).finished, noon - overlap);
  EXPECT_EQ(after_whole_walk({}, noon - 100h, noon).finished, noon - overlap);
  EXPECT_EQ(after_whole_walk({}, noon - 1min, noon).finished, noon - 1min);
}

TEST(FinishedWalks, AreBegunAnOverlapBelowTheCursorAndBelowWhatCreatedReads) {
  const FinishedTask task = finished_task(at(noon, noon), noon - overlap, noon - 168h, overlap);
  EXPECT_EQ(task.finished_from, noon - overlap);
  EXPECT_EQ(task.created_to, noon - overlap);
  EXPECT_FALSE(task.next_cursor.has_value());
}

TEST(FinishedWalks, ThatWereCutAreGoneOnWithAndMoveTheCursorToWhatTheyBeganWith) {
  Cursors cursors = at(noon, noon);
  const FinishedTask first = finished_task(cursors, noon - overlap, noon - 168h, overlap);
  cursors = after_finished(cursors, first, {false, noon - 3h, noon + 1min, false}, noon + 2min, overlap);
  EXPECT_EQ(cursors.finished, noon) << "not before the end of the walk";
  const FinishedTask second = finished_task(cursors, noon, noon - 168h, overlap);
  EXPECT_EQ(second.created_to, noon - 3h);
  EXPECT_EQ(second.finished_from, first.finished_from);
  cursors = after_finished(cursors, second, {true, {}, noon + 30min, false}, noon + 31min, overlap);
  EXPECT_EQ(cursors.finished, noon + 1min) << "what ended meanwhile above the walk has not been seen";
  EXPECT_FALSE(cursors.finished_walk.has_value());
}

TEST(FinishedWalks, BesideACutHeadAreRepeatedFromTheOldCursor) {
  for (const bool ended : {true, false}) {
    Cursors cursors = at(noon, noon);
    const FinishedTask task = finished_task(cursors, noon - overlap, noon - 168h, overlap);
    cursors = after_finished(cursors, task, {ended, noon - 3h, noon + 1min, true}, noon + 2min, overlap);
    EXPECT_EQ(cursors.finished, noon);
    ASSERT_TRUE(cursors.finished_walk.has_value());
    EXPECT_EQ(cursors.finished_walk->created_to, noon)
        << "down to here the head was read, or left to the gap";
  }
}

TEST(Stretches, AreWhatLiesInNoGap) {
  const std::vector<Gap> gaps = {{noon - 2h, noon - 1h}, {noon - 9h, noon - 8h}};
  EXPECT_EQ(outside_gaps({}, noon), (std::vector<Stretch>{{std::nullopt, noon}}));
  EXPECT_EQ(outside_gaps(gaps, noon),
            (std::vector<Stretch>{{noon - 1h, noon}, {noon - 8h, noon - 2h}, {std::nullopt, noon - 9h}}));
  EXPECT_EQ(outside_gaps(gaps, noon - 90min),
            (std::vector<Stretch>{{noon - 8h, noon - 2h}, {std::nullopt, noon - 9h}}));
  EXPECT_EQ(outside_gaps(gaps, noon - 10h), (std::vector<Stretch>{{std::nullopt, noon - 10h}}));
}

}  // namespace
}  // namespace connector
