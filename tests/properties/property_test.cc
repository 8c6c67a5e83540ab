// Thousands of made-up histories in memory: whatever happens, Bitbucket shows the newest build of every
// commit in the end, and nothing is told twice or backwards on the way.
//
// Environment: the variables of choice.hh (PROPERTY_COUNT is 250), and
//   PROPERTY_SURVEY    not empty: count the failures of each profile, print the shortest history of each
//   kind, and pass
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "properties/choice.hh"
#include "properties/generator.hh"
#include "properties/memory_passes.hh"
#include "properties/shrink.hh"

namespace connector::properties {
namespace {

std::string shortened_dump(const Plan& original, const Failure& failure, std::chrono::seconds patience) {
  const Plan plan = shortened(original, failure, patience);
  std::vector<std::string> trace;
  const auto same = play_in_memory(plan, &trace);
  return dump(plan, same ? same->rule + ": " + same->text : "(did not fail again)", trace);
}

struct Found {
  std::uint64_t count = 0;
  std::optional<std::pair<Plan, Failure>> shortest;
};

void survey(const Profile& profile, const Seeds& seeds) {
  std::map<std::string, Found> found;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    Plan plan = make_plan(profile, seed);
    const auto failure = play_in_memory(plan);
    if (!failure) continue;
    ++failed;
    Found& kind = found[failure->rule];
    ++kind.count;
    if (!kind.shortest || plan.events.size() < kind.shortest->first.events.size())
      kind.shortest = {std::move(plan), *failure};
  }
  std::cout << "SURVEY " << profile.name << ": " << failed << " of " << seeds.end - seeds.first << " fail";
  for (const auto& [rule, kind] : found) std::cout << ", " << rule << ' ' << kind.count;
  std::cout << std::endl;
  for (const auto& [rule, kind] : found) {
    constexpr std::chrono::seconds patience{10};
    std::cout << shortened_dump(kind.shortest->first, kind.shortest->second, patience) << std::endl;
  }
}

class History : public testing::TestWithParam<Profile> {};

TEST_P(History, EndsWithTheNewestBuildOfEveryCommitShown) {
  const Profile& profile = GetParam();
  const Seeds seeds = chosen_seeds(250);
  if (!variable("PROPERTY_SURVEY", "").empty()) return survey(profile, seeds);
  for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    const Plan plan = make_plan(profile, seed);
    const auto failure = play_in_memory(plan);
    if (failure) FAIL() << shortened_dump(plan, *failure, std::chrono::seconds{20});
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, History, testing::ValuesIn(chosen_profiles()),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

}  // namespace
}  // namespace connector::properties
