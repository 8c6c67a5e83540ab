#include "core/listing/walk.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::a_build;
using support::noon;
using namespace std::chrono_literals;

/// Answers queries from a list of builds as Buildkite would: newest created first, created_to exclusive, page
/// by page.
std::vector<Build> answer(const std::vector<Build>& all, const BuildQuery& query) {
  std::vector<Build> matching;
  for (const Build& build : all) {
    const bool late_enough = !query.created_from || build.created_at >= *query.created_from;
    const bool early_enough = !query.created_to || build.created_at < *query.created_to;
    if (late_enough && early_enough) matching.push_back(build);
  }
  std::stable_sort(matching.begin(), matching.end(),
                   [](const Build& a, const Build& b) { return a.created_at > b.created_at; });
  const std::size_t begin =
      std::min<std::size_t>(std::size_t{query.page - 1} * query.per_page, matching.size());
  const std::size_t end = std::min<std::size_t>(begin + query.per_page, matching.size());
  return {matching.begin() + static_cast<std::ptrdiff_t>(begin),
          matching.begin() + static_cast<std::ptrdiff_t>(end)};
}

struct WalkedThrough {
  std::set<std::string> ids;
  std::size_t shown = 0;
  unsigned pages = 0;
};

WalkedThrough walk_through(Walk& walk, const std::vector<Build>& all) {
  WalkedThrough result;
  while (!walk.ended() && result.pages < 1000) {
    const auto page = answer(all, walk.next());
    ++result.pages;
    for (const Build* build : walk.take(page, page.size(), false)) {
      result.ids.insert(build->id);
      ++result.shown;
    }
  }
  return result;
}

std::vector<Build> builds_every(std::chrono::milliseconds step, std::size_t count) {
  std::vector<Build> builds;
  for (std::size_t i = 1; i <= count; ++i) {
    builds.push_back(a_build().number(i).created(noon + step * static_cast<int>(i)));
  }
  return builds;
}

BuildQuery pages_of(unsigned size) {
  BuildQuery query;
  query.per_page = size;
  return query;
}

TEST(Walk, EndsWithTheFirstPageThatIsNotFull) {
  Walk walk(pages_of(10));
  const auto seen = walk_through(walk, builds_every(1min, 9));
  EXPECT_EQ(seen.pages, 1U);
  EXPECT_EQ(seen.ids.size(), 9U);
}

TEST(Walk, ShowsEveryBuildOnceOverManyPages) {
  Walk walk(pages_of(10));
  const auto seen = walk_through(walk, builds_every(1min, 95));
  EXPECT_EQ(seen.ids.size(), 95U);
  EXPECT_EQ(seen.shown, 95U);
  EXPECT_LE(seen.pages, 11U);
}

TEST(Walk, ShowsBuildsOfOneSecondThatFillMoreThanAPage) {
  auto all = builds_every(1ms, 35);
  for (const Build& older : builds_every(-1min, 10))
    all.push_back(a_build().of("old").number(older.number).created(older.created_at));
  Walk walk(pages_of(10));
  const auto seen = walk_through(walk, all);
  EXPECT_EQ(seen.ids.size(), 45U);
  EXPECT_EQ(seen.shown, 45U);
}

TEST(Walk, LosesNothingWhenBuildsLeaveAndEnterTheListingBetweenPages) {
  auto all = builds_every(1min, 50);
  Walk walk(pages_of(10));
  std::set<std::string> seen;
  std::uint64_t newcomer = 1000;
  while (!walk.ended()) {
    const auto page = answer(all, walk.next());
    for (const Build* build : walk.take(page, page.size(), false)) seen.insert(build->id);
    // Three of the newest leave (they no longer match a filter) and two new ones enter.
    all.erase(all.end() - 3, all.end());
    for (int i = 0; i < 2; ++i) all.push_back(a_build().number(newcomer++).created(noon + 24h));
  }
  for (std::uint64_t number = 1; number <= 20; ++number) {
    EXPECT_TRUE(seen.contains(Build(a_build().number(number)).id)) << number;
  }
}

TEST(Walk, GoesOnAfterAShortPageWhenTheServerSaysThereIsMore) {
  Walk walk(pages_of(10));
  const auto all = builds_every(1min, 8);
  const std::vector<Build> newest(all.begin() + 4, all.end());
  walk.take(newest, newest.size(), true);
  EXPECT_FALSE(walk.ended());
  EXPECT_EQ(walk.next().created_to, all[4].created_at + 1s);
}

TEST(Walk, ShowsBuildsOfOneSecondThatFillMoreThanAPageOfAServerWithSmallPages) {
  Walk walk(pages_of(100));
  const auto all = builds_every(1ms, 8);
  std::set<std::string> ids;
  for (int pages = 0; !walk.ended() && pages < 100; ++pages) {
    BuildQuery asked = walk.next();
    asked.per_page = 3;
    const auto page = answer(all, asked);
    ++asked.page;
    const bool more = !answer(all, asked).empty();
    for (const Build* build : walk.take(page, page.size(), more)) ids.insert(build->id);
  }
  EXPECT_EQ(ids.size(), 8U);
}

TEST(Walk, EndsWhenAServerRepeatsItselfForEver) {
  Walk walk(pages_of(10));
  const auto page = builds_every(1ms, 10);
  unsigned pages = 0;
  for (; !walk.ended() && pages < 100; ++pages) walk.take(page, page.size(), true);
  EXPECT_LT(pages, 5U);
}

TEST(Walk, LeavesOutWhatIsOlderThanItsFloorAndEndsThere) {
  Walk walk(pages_of(10));
  const auto all = builds_every(1min, 10);
  walk.stop_below(all[5].created_at);
  const auto fresh = walk.take(all, all.size(), true);
  EXPECT_EQ(fresh.size(), 5U);
  EXPECT_TRUE(walk.ended());
  EXPECT_EQ(walk.read_down_to(), all[5].created_at);
}

TEST(Walk, CountsUnreadableRecordsOfAPage) {
  Walk walk(pages_of(10));
  const auto readable = builds_every(1min, 9);
  walk.take(readable, 10, false);
  EXPECT_TRUE(walk.goes_on()) << "the page was full";
}

TEST(Walk, GoesOnBeyondAPageOfUnreadableRecordsByItsNumber) {
  BuildQuery query = pages_of(10);
  query.created_to = noon;
  Walk walk(query);
  walk.take({}, 10, false);
  EXPECT_TRUE(walk.goes_on());
  EXPECT_EQ(walk.next().page, 2U);
  EXPECT_EQ(walk.position(), (Position{noon, 2})) << "also in a later pass";
}

TEST(Walk, GivesUpWhereOnlyUnreadableRecordsCome) {
  Walk walk(pages_of(10));
  for (int page = 0; page < 3; ++page) {
    EXPECT_TRUE(walk.goes_on());
    walk.take({}, 10, false);
  }
  EXPECT_FALSE(walk.goes_on());
  EXPECT_FALSE(walk.ended());
}

TEST(Walk, SaysHowFarItGotWhenItIsCut) {
  Walk walk(pages_of(10));
  EXPECT_FALSE(walk.read_down_to().has_value());
  const auto all = builds_every(90s, 30);
  const auto page = answer(all, walk.next());
  walk.take(page, page.size(), false);
  // Builds of the oldest second may be on the next page; everything after it has been shown.
  EXPECT_EQ(walk.read_down_to(), all[20].created_at + 1s);
  EXPECT_EQ(walk.newest_created(), all.back().created_at);
}

}  // namespace
}  // namespace connector
