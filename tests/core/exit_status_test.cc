#include "core/exit_status.hh"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace connector {
namespace {

TEST(ExitStatus, IsOkWithoutACause) {
  EXPECT_EQ(choose({}), ExitStatus::ok);
}

TEST(ExitStatus, IsTheCauseThatAPersonHasToMendFirst) {
  const std::array order = {ExitStatus::software,      ExitStatus::config,      ExitStatus::data,
                            ExitStatus::no_permission, ExitStatus::io_error,    ExitStatus::cant_create,
                            ExitStatus::protocol,      ExitStatus::unavailable, ExitStatus::temp_fail,
                            ExitStatus::incomplete};
  for (std::size_t first = 0; first < order.size(); ++first) {
    const std::vector<ExitStatus> causes(order.rbegin(), order.rend() - static_cast<std::ptrdiff_t>(first));
    EXPECT_EQ(choose(causes), order.at(first));
  }
}

TEST(ExitStatus, ASignalExplainsWorkLeftUndoneButNoRealFailure) {
  EXPECT_EQ(choose(std::array{ExitStatus::temp_fail, ExitStatus::terminated}), ExitStatus::terminated);
  EXPECT_EQ(choose(std::array{ExitStatus::interrupted, ExitStatus::incomplete}), ExitStatus::interrupted);
  EXPECT_EQ(choose(std::array{ExitStatus::no_permission, ExitStatus::terminated}), ExitStatus::no_permission);
}

TEST(ExitStatus, HasTheNumbersThatSchedulersKnow) {
  EXPECT_EQ(static_cast<int>(ExitStatus::temp_fail), 75);
  EXPECT_EQ(static_cast<int>(ExitStatus::config), 78);
  EXPECT_EQ(name_of(ExitStatus::temp_fail), "tempfail");
}

}  // namespace
}  // namespace connector
