// Second looks: when one begins, how it goes on, and how long the ledger has to remember for it.
#include "core/listing/sweep.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

constexpr auto week = 24h * 7;
const Timestamp remembered_long = noon - week * 10;

/// The looks at 24 hours and at 7 days began at these times; none is running.
Sweeps begun(Timestamp hourly, Timestamp daily) {
  return {std::nullopt, hourly, daily};
}

Sweeps running(Gap part) {
  return {part, noon, noon};
}

TEST(DueSweep, IsFirstDueItsTimeAfterTheFirstPass) {
  const Sweeps first = begin_due_sweep({}, noon, noon, noon - 1h);
  EXPECT_EQ(first, begun(noon, noon)) << "the first pass reads all there is";
  EXPECT_FALSE(begin_due_sweep(first, noon + 1h - 1s, noon + 50min, noon - 1h).running.has_value());
  EXPECT_TRUE(begin_due_sweep(first, noon + 1h, noon + 50min, noon - 1h).running.has_value());
}

TEST(DueSweep, LooksBackADayEveryHour) {
  const Timestamp now = noon + 1h;
  const Sweeps sweeps = begin_due_sweep(begun(noon, noon), now, now - 15min, remembered_long);
  EXPECT_EQ(sweeps.running, (Gap{now - 24h, now - 15min}));
  EXPECT_EQ(sweeps.hourly, now);
  EXPECT_EQ(sweeps.daily, noon);
}

TEST(DueSweep, LooksBackAWeekEveryDayWhichCountsForTheHourToo) {
  const Timestamp now = noon + 24h;
  EXPECT_EQ(begin_due_sweep(begun(now - 1h, noon + 1s), now, now, remembered_long).running,
            (Gap{now - 24h, now}))
      << "a second early";
  const Sweeps sweeps = begin_due_sweep(begun(now - 1h, noon), now, now, remembered_long);
  EXPECT_EQ(sweeps.running, (Gap{now - week, now}));
  EXPECT_EQ(sweeps.hourly, now);
  EXPECT_EQ(sweeps.daily, now);
}

TEST(DueSweep, GoesNotBelowWhatTheLedgerRemembers) {
  EXPECT_EQ(begin_due_sweep(begun(noon - 1h, noon), noon, noon, noon - 2h).running, (Gap{noon - 2h, noon}));
}

TEST(DueSweep, IsDoneAtOnceWhenAllThatIsRememberedIsInTheHead) {
  EXPECT_EQ(begin_due_sweep(begun(noon - 1h, noon), noon, noon - 15min, noon - 15min), begun(noon, noon));
  EXPECT_EQ(begin_due_sweep(begun(noon - 1h, noon), noon, noon - 15min, noon - 5min), begun(noon, noon));
}

TEST(DueSweep, WaitsForTheOneThatRuns) {
  const Sweeps sweeps = running({noon - 24h, noon - 5h, 2});
  EXPECT_EQ(begin_due_sweep(sweeps, noon + 48h, noon + 48h, remembered_long), sweeps);
}

TEST(DueSweep, TakesABeginningInTheFutureForAWrongClocks) {
  EXPECT_EQ(begin_due_sweep(begun(noon + 24h * 365, noon), noon + 1min, noon, remembered_long).hourly,
            noon + 1min);
  const Sweeps sweeps = begin_due_sweep(begun(noon, noon + 24h * 365), noon + 1min, noon, remembered_long);
  EXPECT_EQ(sweeps.daily, noon + 1min);
  EXPECT_EQ(sweeps.running, (Gap{noon + 1min - week, noon}));
}

TEST(SweepSlice, LeavesTheRestForTheNextPass) {
  const Sweeps sweeps = running({noon - 24h, noon});
  EXPECT_EQ(after_slice(sweeps, Position{noon - 3h, 2}, false), running({noon - 24h, noon - 3h, 2}));
  EXPECT_EQ(after_slice(sweeps, std::nullopt, false), sweeps) << "its request failed";
}

TEST(SweepSlice, EndsTheSweepAtItsLowerBound) {
  const Sweeps sweeps = running({noon - 24h, noon});
  EXPECT_EQ(after_slice(sweeps, Position{noon - 3h}, true), begun(noon, noon));
  EXPECT_EQ(after_slice(sweeps, std::nullopt, true), begun(noon, noon)) << "nothing was there";
  EXPECT_EQ(after_slice(sweeps, Position{noon - 24h}, false), begun(noon, noon));
  EXPECT_EQ(after_slice(begun(noon, noon), Position{noon}, false), begun(noon, noon)) << "none was running";
}

TEST(LedgerHorizon, LiesAWeekAndAnOverlapBelowTheNewest) {
  EXPECT_EQ(ledger_horizon({}, noon, 15min, 100), noon - week - 15min);
}

TEST(LedgerHorizon, LiesThatFarBelowARunningSweepToo) {
  EXPECT_EQ(ledger_horizon(running({noon - 24h, noon - 1h}), noon, 15min, 100), noon - 24h - week - 15min);
  EXPECT_EQ(ledger_horizon(running({noon, noon + 1h}), noon - 1h, 15min, 100), noon - 1h - week - 15min)
      << "the cursor is lower still";
}

TEST(LedgerHorizon, ComesToADayWhenThereAreVeryManyEntries) {
  EXPECT_EQ(ledger_horizon({}, noon, 15min, 200'000), noon - week - 15min);
  EXPECT_EQ(ledger_horizon({}, noon, 15min, 200'001), noon - 24h - 15min);
}

}  // namespace
}  // namespace connector
