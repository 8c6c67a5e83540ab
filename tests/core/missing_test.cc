// When a build that answers 404 counts as gone.
#include "core/ledger/missing.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <ostream>
#include <string_view>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

struct MissingCase {
  std::string_view what;
  unsigned passes;
  bool pipeline_hidden;
  std::chrono::seconds lasted;
  bool gone;
};

void PrintTo(const MissingCase& c, std::ostream* out) {
  *out << c.what;
}

class MissingBuild : public testing::TestWithParam<MissingCase> {};

TEST_P(MissingBuild, IsGoneAfterItsTime) {
  const auto& c = GetParam();
  EXPECT_EQ(is_gone(Missing{noon, c.passes, c.pipeline_hidden}, noon + c.lasted), c.gone) << c.what;
}

INSTANTIATE_TEST_SUITE_P(
    Gone, MissingBuild,
    testing::Values(MissingCase{"three passes over half an hour", 3, false, 30min, true},
                    MissingCase{"three passes over a little less", 3, false, 30min - 1s, false},
                    MissingCase{"two passes over a day", 2, false, 24h, false},
                    MissingCase{"many passes within a minute", 30, false, 1min, false},
                    MissingCase{"hidden pipeline, a day", 0, true, 24h, true},
                    MissingCase{"hidden pipeline, a little less", 0, true, 24h - 1s, false},
                    MissingCase{"hidden after it had answered, an hour", 10, true, 1h, false}));

TEST(StillMissing, CountsThePassesInWhichThePipelineAnswered) {
  Missing missing = still_missing(std::nullopt, true, noon);
  EXPECT_EQ(missing, (Missing{noon, 1, false}));
  missing = still_missing(missing, false, noon + 1min);
  EXPECT_EQ(missing, (Missing{noon, 1, true}));
  missing = still_missing(missing, true, noon + 2min);
  EXPECT_EQ(missing, (Missing{noon, 2, false})) << "the time runs from the first answer of 404";
}

TEST(StillMissing, BeginsAgainAtNowWhenItWasNotedWithAWrongClock) {
  const Missing noted_ahead{noon + 24h * 365, 2, false};
  EXPECT_EQ(still_missing(noted_ahead, true, noon), (Missing{noon, 3, false}));
  EXPECT_EQ(still_missing(Missing{noon, 2, false}, true, noon - 1h).since, noon - 1h);
}

}  // namespace
}  // namespace connector
