// A pass that dies at the calls that matter most; crash_loop_test.cc (suite slow) goes through all of them.
#include <gtest/gtest.h>

#include "end_to_end/crash_world.hh"
#include "end_to_end/tracing.hh"

namespace connector {
namespace {

using support::crash_at_each;
using support::CrashWorld;

TEST(Crash, NeverIsAWorldThatRecovers) {
  CrashWorld world;
  world.expect_recovery();
}

TEST(Crash, WhileTheStateIsReplacedLosesAndDoublesNothing) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  EXPECT_GE(crash_at_each("fsync"), 4) << "two saves, each of a file and its directory";
  EXPECT_GE(crash_at_each("/^rename"), 2);
}

TEST(Crash, BetweenRequestsLosesAndDoublesNothing) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  EXPECT_GE(crash_at_each("sendto"), 7) << "three listings and four statuses";
}

}  // namespace
}  // namespace connector
