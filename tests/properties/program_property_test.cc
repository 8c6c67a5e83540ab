// Dozens of the made-up histories with the program itself, over HTTP, judged as those in memory are.
//
// Environment: CONNECTOR, the program; the variables of choice.hh (PROPERTY_COUNT is 3).
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "properties/choice.hh"
#include "properties/generator.hh"
#include "properties/program_passes.hh"

namespace connector::properties {
namespace {

/// What there is to say about a history that fails; empty for one that does not.
std::string complaint(const Plan& plan) {
  std::vector<std::string> trace;
  const auto failure = play_with_program(plan, trace);
  return failure ? dump(plan, failure->rule + ": " + failure->text, trace) : std::string();
}

/// Histories to be played by several players at once.
class Histories {
 public:
  void add(Plan plan) { plans_.push_back(std::move(plan)); }

  /// Plays the next one until none is left. Returns what there is to say about the first that fails, after
  /// which nobody begins another.
  std::string play_on() {
    for (std::size_t turn = next_++; turn < plans_.size(); turn = next_++) {
      std::string found = complaint(plans_[turn]);
      if (found.empty()) continue;
      next_ = plans_.size();
      return found;
    }
    return {};
  }

 private:
  std::vector<Plan> plans_;
  std::atomic<std::size_t> next_ = 0;
};

TEST(ProgramHistory, EndsWithTheNewestBuildOfEveryCommitShown) {
  Histories histories;
  const Seeds seeds = chosen_seeds(3);
  for (const Profile& profile : chosen_profiles()) {
    for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed)
      histories.add(for_program(make_plan(profile, seed)));
  }
  // More than there are processors: the program often waits.
  std::vector<std::future<std::string>> players(6);
  for (auto& player : players) player = std::async(std::launch::async, [&] { return histories.play_on(); });
  for (auto& player : players) {
    const std::string failure = player.get();
    if (!failure.empty()) ADD_FAILURE() << failure;
  }
}

}  // namespace
}  // namespace connector::properties
