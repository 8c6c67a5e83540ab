// Cursors, gaps, and what may be posted from memory because of them.
#include "core/cursor.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "core/quota.hh"
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
  EXPECT_EQ(after_head(at(noon, noon), {std::nullopt, noon, true}, noon + 5min, noon), at(noon, noon));
  EXPECT_EQ(after_head(at(noon, noon), {}, noon + 5min, noon), at(noon, noon));
}

TEST(Gaps, AreWhatACutHeadLeftUnreadAboveTheOldCursor) {
  const auto moved = after_head(at(noon, noon), {noon + 1h, noon + 40min, false}, noon + 2h, noon - 168h);
  EXPECT_EQ(moved.created, noon + 1h) << "the newest builds come first, the gap later";
  EXPECT_EQ(moved.gaps, (std::vector<Gap>{{noon, noon + 40min}}));
}

TEST(Gaps, AreNotMadeByACutBelowTheOldCursor) {
  const auto moved = after_head(at(noon, noon), {noon + 1h, noon - 1min, false}, noon + 2h, noon - 168h);
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
  cursors = after_gap(cursors, noon - 90min, false);
  EXPECT_EQ(cursors.gaps.front(), (Gap{noon - 2h, noon - 90min}));
  EXPECT_EQ(after_gap(cursors, std::nullopt, false), cursors) << "no page was read";
  cursors = after_gap(cursors, noon - 2h, true);
  EXPECT_EQ(cursors.gaps, (std::vector<Gap>{{noon - 9h, noon - 8h}}));
}

TEST(Gaps, AreMergedNewestFirst) {
  const std::vector<Gap> merged =
      merge_gaps({{noon, noon + 1h}, {noon + 5h, noon + 6h}, {noon + 1h, noon + 2h}, {noon + 9h, noon + 9h}});
  EXPECT_EQ(merged, (std::vector<Gap>{{noon + 5h, noon + 6h}, {noon, noon + 2h}}));
}

TEST(FinishedCursor, MovesToTheNewestEndSeenNeverBackNorBeyondTheServersClock) {
  EXPECT_EQ(after_finished(at(noon, noon), noon + 3min, noon + 5min, overlap).finished, noon + 3min);
  EXPECT_EQ(after_finished(at(noon, noon), noon - 3min, noon + 5min, overlap).finished, noon);
  EXPECT_EQ(after_finished(at(noon, noon), noon + 9min, noon + 5min, overlap).finished, noon + 5min);
  EXPECT_EQ(after_finished(at(noon, noon), std::nullopt, noon + 5min, overlap).finished, noon);
}

TEST(FinishedCursor, BeginsNoFurtherBackThanAnOverlap) {
  EXPECT_EQ(after_finished({}, std::nullopt, noon, overlap).finished, noon - overlap);
  EXPECT_EQ(after_finished({}, noon - 100h, noon, overlap).finished, noon - overlap);
  EXPECT_EQ(after_finished({}, noon - 1min, noon, overlap).finished, noon - 1min);
}

TEST(Quota, LeavesOthersTheirShare) {
  EXPECT_TRUE(allows_spare_work({})) << "what is unknown does not forbid";
  EXPECT_TRUE(allows_spare_work({{101, 200, 60s}, {21, 50, 60s}}));
  EXPECT_FALSE(allows_spare_work({{101, 200, 60s}, {20, 50, 60s}}));
  EXPECT_FALSE(allows_spare_work({{100, 200, 60s}, {50, 50, 60s}}));
}

}  // namespace
}  // namespace connector
