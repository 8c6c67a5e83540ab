// The line that tells people how far a long pass has come.
#include "report/progress.hh"

#include <gtest/gtest.h>

#include <string>

namespace connector::report {
namespace {

using namespace std::chrono_literals;

TEST(ProgressLine, TellsWhatWasListedAndPostedAndWhatIsLeft) {
  EXPECT_EQ(line_of({1234, 56, 7, std::nullopt}, 80), "1234 builds listed, 56 statuses posted, 7 left");
  EXPECT_EQ(line_of({1, 1, 0, std::nullopt}, 80), "1 build listed, 1 status posted, 0 left");
}

TEST(ProgressLine, TellsForWhomThePassWaitsAndHowLong) {
  EXPECT_EQ(line_of({300, 0, 12, Wait{"Buildkite", 41'001ms}}, 80),
            "300 builds listed, 0 statuses posted, 12 left; waiting 42 s for Buildkite");
}

TEST(ProgressLine, NeverFillsTheWindowAsItWouldGoOnInTheNextLine) {
  const Standing standing{1234, 56, 7, std::nullopt};
  EXPECT_EQ(line_of(standing, 20), "1234 builds listed,");
  EXPECT_EQ(line_of(standing, 1), "");
  EXPECT_EQ(line_of({1234567, 1234567, 123456, Wait{"Buildkite", 9999s}}, 0).size(), 79U)
      << "a window of unknown size is taken for one of the usual size";
}

constexpr auto start = 5000ms;
const Standing some{3, 2, 1, std::nullopt};
const Standing more{4, 2, 2, std::nullopt};

TEST(Progress, LeavesShortPassesAlone) {
  const Progress progress(start);
  EXPECT_FALSE(progress.due(start));
  EXPECT_FALSE(progress.due(start + 2999ms));
  EXPECT_TRUE(progress.due(start + 3s));
}

TEST(Progress, IsDrawnAtMostFiveTimesASecond) {
  Progress progress(start);
  int drawn = 0;
  for (auto now = start; now < start + 4s; now += 1ms) {
    if (!progress.due(now)) continue;
    progress.draw(++drawn % 2 == 0 ? some : more, 80, now);
  }
  EXPECT_EQ(drawn, 5);
}

TEST(Progress, IsDrawnOverTheLineBefore) {
  Progress progress(start);
  EXPECT_EQ(progress.draw(some, 80, start + 3s), "\r3 builds listed, 2 statuses posted, 1 left\x1b[K");
  EXPECT_EQ(progress.draw(some, 80, start + 4s), "") << "it stands there";
  EXPECT_EQ(progress.draw(more, 80, start + 5s), "\r4 builds listed, 2 statuses posted, 2 left\x1b[K");
}

TEST(Progress, MakesRoomForMessagesAndComesBack) {
  Progress progress(start);
  EXPECT_EQ(progress.erase(), "") << "there is nothing to make room";
  progress.draw(some, 80, start + 3s);
  EXPECT_EQ(progress.erase(), "\r\x1b[K");
  EXPECT_EQ(progress.erase(), "");
  EXPECT_FALSE(progress.due(start + 3100ms)) << "messages do not make it flicker";
  EXPECT_EQ(progress.draw(some, 80, start + 3200ms), "\r3 builds listed, 2 statuses posted, 1 left\x1b[K");
}

}  // namespace
}  // namespace connector::report
