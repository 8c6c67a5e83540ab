// Thousands of made-up histories: whatever happens, Bitbucket shows the newest build of every commit in the
// end, and nothing is told twice or backwards on the way.
//
// Environment:
//   PROPERTY_PROFILES  names of profiles (profile.cc) separated by commas; default: all
//   PROPERTY_COUNT     histories of each profile; default 250
//   PROPERTY_SEED      seed of the first; with PROPERTY_COUNT=1 the one history that a failure names
//   PROPERTY_SURVEY    not empty: count the failures of each profile, print the shortest history of each
//   kind, and pass
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include "properties/generator.hh"
#include "properties/player.hh"
#include "properties/shrink.hh"

namespace connector::properties {
namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  return value == nullptr || *value == '\0' ? otherwise : value;
}

bool is_chosen(const Profile& profile) {
  const std::string names = variable("PROPERTY_PROFILES", "");
  if (names.empty()) return true;
  std::istringstream list(names);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == profile.name) return true;
  }
  return false;
}

std::vector<Profile> chosen_profiles() {
  std::vector<Profile> chosen;
  std::copy_if(profiles().begin(), profiles().end(), std::back_inserter(chosen), is_chosen);
  return chosen;
}

/// Everything a person needs to understand a failure.
std::string dump(const Plan& original, const Failure& failure, std::chrono::seconds patience) {
  const Plan plan = shortened(original, failure, patience);
  std::vector<std::string> trace;
  const auto same = play(plan, &trace);
  std::ostringstream text;
  text << "PROPERTY_PROFILES=" << plan.profile << " PROPERTY_SEED=" << plan.seed << " PROPERTY_COUNT=1\n"
       << (same ? same->rule + ": " + same->text : "(did not fail again)") << "\n"
       << text_of(plan.settings) << "\n"
       << plan.events.size() << " events:\n";
  for (const Event& event : plan.events) text << "  " << text_of(event.at) << "  " << text_of(event) << "\n";
  text << "what happened:\n";
  constexpr std::size_t enough = 150;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (i < enough || i + enough / 2 > trace.size()) text << "  " << trace[i] << "\n";
    if (i == enough && i + enough / 2 <= trace.size()) text << "  ...\n";
  }
  return text.str();
}

struct Found {
  std::uint64_t count = 0;
  std::optional<std::pair<Plan, Failure>> shortest;
};

void survey(const Profile& profile, std::uint64_t first, std::uint64_t count) {
  std::map<std::string, Found> found;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Plan plan = make_plan(profile, seed);
    const auto failure = play(plan);
    if (!failure) continue;
    ++failed;
    Found& kind = found[failure->rule];
    ++kind.count;
    if (!kind.shortest || plan.events.size() < kind.shortest->first.events.size())
      kind.shortest = {std::move(plan), *failure};
  }
  std::cout << "SURVEY " << profile.name << ": " << failed << " of " << count << " fail";
  for (const auto& [rule, kind] : found) std::cout << ", " << rule << ' ' << kind.count;
  std::cout << std::endl;
  for (const auto& [rule, kind] : found) {
    constexpr std::chrono::seconds patience{10};
    std::cout << dump(kind.shortest->first, kind.shortest->second, patience) << std::endl;
  }
}

class History : public testing::TestWithParam<Profile> {};

TEST_P(History, EndsWithTheNewestBuildOfEveryCommitShown) {
  const Profile& profile = GetParam();
  const std::uint64_t first = std::stoull(variable("PROPERTY_SEED", "1"));
  const std::uint64_t count = std::stoull(variable("PROPERTY_COUNT", "250"));
  if (!variable("PROPERTY_SURVEY", "").empty()) return survey(profile, first, count);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Plan plan = make_plan(profile, seed);
    const auto failure = play(plan);
    if (failure) FAIL() << dump(plan, *failure, std::chrono::seconds{20});
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, History, testing::ValuesIn(chosen_profiles()),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

}  // namespace
}  // namespace connector::properties
