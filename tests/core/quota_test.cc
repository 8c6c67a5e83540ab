// What may be spent of Buildkite's quota.
#include "core/peer/quota.hh"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>

namespace connector {
namespace {

constexpr auto unknown = std::nullopt;

RateLimit bucket(std::optional<std::int64_t> remaining, std::optional<std::int64_t> limit) {
  return {remaining, limit, std::nullopt};
}

struct SpareCase {
  std::string_view what;
  RateLimit organization;
  RateLimit user;
  bool allowed;
};

void PrintTo(const SpareCase& c, std::ostream* out) {
  *out << c.what;
}

class SpareWork : public testing::TestWithParam<SpareCase> {};

TEST_P(SpareWork, StopsWhereOthersNeedTheQuota) {
  EXPECT_EQ(allows_spare_work({GetParam().organization, GetParam().user}), GetParam().allowed)
      << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Quota, SpareWork,
    testing::Values(SpareCase{"nothing known", bucket(unknown, unknown), bucket(unknown, unknown), true},
                    SpareCase{"both full", bucket(1000, 1000), bucket(200, 200), true},
                    SpareCase{"user at 40 %", bucket(1000, 1000), bucket(80, 200), false},
                    SpareCase{"user just above 40 %", bucket(1000, 1000), bucket(81, 200), true},
                    SpareCase{"organization at half", bucket(500, 1000), bucket(200, 200), false},
                    SpareCase{"organization just above half", bucket(501, 1000), bucket(200, 200), true},
                    SpareCase{"user alone, at 40 %", bucket(unknown, unknown), bucket(80, 200), false},
                    SpareCase{"organization alone, at half", bucket(500, 1000), bucket(unknown, unknown),
                              false},
                    SpareCase{"no limit told", bucket(1, unknown), bucket(1, unknown), true},
                    SpareCase{"nothing remaining told", bucket(unknown, 1000), bucket(unknown, 200), true},
                    SpareCase{"a limit of nothing", bucket(0, 0), bucket(200, 200), false}));

struct ReserveCase {
  std::string_view what;
  std::optional<std::int64_t> organization;
  std::optional<std::int64_t> user;
  std::int64_t reserved;
  bool leaves;
};

void PrintTo(const ReserveCase& c, std::ostream* out) {
  *out << c.what;
}

class Reserve : public testing::TestWithParam<ReserveCase> {};

TEST_P(Reserve, KeepsTheLastRequestsOfBothBuckets) {
  const auto& c = GetParam();
  EXPECT_EQ(leaves_requests({bucket(c.organization, unknown), bucket(c.user, unknown)}, c.reserved), c.leaves)
      << c.what;
}

INSTANTIATE_TEST_SUITE_P(Quota, Reserve,
                         testing::Values(ReserveCase{"nothing known", unknown, unknown, 3, true},
                                         ReserveCase{"one more than reserved", 4, 4, 3, true},
                                         ReserveCase{"the user's last ones", 4, 3, 3, false},
                                         ReserveCase{"the organization's last ones", 3, 4, 3, false},
                                         ReserveCase{"the user's alone are known", unknown, 3, 3, false},
                                         ReserveCase{"the organization's alone are known", 3, unknown, 3,
                                                     false},
                                         ReserveCase{"none reserved, one left", 1, 1, 0, true},
                                         ReserveCase{"none reserved, none left", 0, 0, 0, false},
                                         ReserveCase{"more under way than is left", -2, 100, 0, false}));

}  // namespace
}  // namespace connector
