// Which shard a pipeline belongs to. A change of the answers would leave pipelines out while old and new
// versions run beside each other.
#include "core/build/shard.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace connector {
namespace {

TEST(Shard, OfASlugIsTheSameForEver) {
  struct Known {
    std::string_view slug;
    unsigned of_2, of_3, of_5, of_32;
  };
  // Worked out apart from this program, from the definitions of FNV-1a and of MurmurHash3's 64-bit finish.
  const std::vector<Known> all = {
      {"web", 2, 3, 1, 10},        {"api", 2, 3, 3, 20},
      {"deploy", 2, 1, 1, 16},     {"payments-service", 2, 2, 5, 12},
      {"mobile_app", 2, 2, 3, 18}, {"payments-service-deploy", 1, 2, 5, 1},
  };
  for (const Known& known : all) {
    EXPECT_EQ(shard_of(known.slug, 2), (Shard{known.of_2, 2})) << known.slug;
    EXPECT_EQ(shard_of(known.slug, 3), (Shard{known.of_3, 3})) << known.slug;
    EXPECT_EQ(shard_of(known.slug, 5), (Shard{known.of_5, 5})) << known.slug;
    EXPECT_EQ(shard_of(known.slug, 32), (Shard{known.of_32, 32})) << known.slug;
  }
}

TEST(Shard, HasItsPipelinesAndNoOthers) {
  for (const unsigned count : {1U, 2U, 3U, 5U, most_shards}) {
    for (const std::string_view slug : {"web", "api", "deploy", "a", ""}) {
      unsigned owners = 0;
      for (unsigned number = 1; number <= count; ++number)
        owners += has_pipeline(Shard{number, count}, slug) ? 1U : 0U;
      EXPECT_EQ(owners, 1U) << slug << " among " << count;
    }
  }
}

TEST(Shard, IsWrittenAsItsNumberAndTheNumberOfAll) {
  EXPECT_EQ(parse_shard("2/3"), (Shard{2, 3}));
  EXPECT_EQ(parse_shard("1/1"), Shard{});
  EXPECT_EQ(parse_shard("32/32"), (Shard{32, 32}));
  EXPECT_EQ(text_of({2, 3}), "2/3");
  for (const std::string_view wrong :
       {"", "/", "2", "2/", "/3", "0/3", "4/3", "1/33", "1/0", "-1/3", "+1/3", " 1/3", "1/3 ", "1 / 3",
        "1/3/5", "1-of-3", "one/three", "4294967297/3", "1/4294967299"}) {
    EXPECT_EQ(parse_shard(wrong), std::nullopt) << wrong;
  }
}

/// Slugs as organizations have them, 240 each.
struct Family {
  std::string_view name;
  std::vector<std::string> slugs;
};

void PrintTo(const Family& family, std::ostream* out) {
  *out << family.name;
}

Family numbered() {
  Family family{"numbered", {}};
  for (int i = 1; i <= 240; ++i) family.slugs.push_back("service-" + std::to_string(i));
  return family;
}

/// What FNV-1a alone would put into one of two shards, all of them: its last bit only counts odd characters.
Family numbered_twice() {
  Family family{"numbered_twice", {}};
  for (int i = 1; i <= 240; ++i)
    family.slugs.push_back("tenant-" + std::to_string(i) + "-app-" + std::to_string(i));
  return family;
}

Family by_team() {
  Family family{"by_team", {}};
  for (const std::string team : {"payments", "checkout", "search", "identity", "billing", "mobile", "data",
                                 "platform", "growth", "support"}) {
    for (const std::string app : {"api", "web", "worker", "frontend", "backend", "jobs", "gateway", "docs"}) {
      for (const std::string step : {"", "-deploy", "-nightly"})
        family.slugs.push_back(std::string(team).append("-").append(app).append(step));
    }
  }
  return family;
}

class Balance : public testing::TestWithParam<Family> {};

TEST_P(Balance, GivesEachShardAboutItsPart) {
  for (unsigned count = 2; count <= 8; ++count) {
    std::vector<double> shares(count, 0);
    for (const std::string& slug : GetParam().slugs)
      shares[shard_of(slug, count).number - 1] += count / static_cast<double>(GetParam().slugs.size());
    const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
    EXPECT_GE(*least, count <= 5 ? 0.8 : 0.7) << count << " shards";
    EXPECT_LE(*most, count <= 5 ? 1.25 : 1.6) << count << " shards";
  }
}

INSTANTIATE_TEST_SUITE_P(Slugs, Balance, testing::Values(numbered(), numbered_twice(), by_team()),
                         [](const auto& family) { return std::string(family.param.name); });

}  // namespace
}  // namespace connector
