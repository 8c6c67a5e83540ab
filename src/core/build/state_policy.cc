#include "core/build/state_policy.hh"

#include <algorithm>

namespace connector {
namespace {

std::optional<BitbucketState> default_state(BuildState state) {
  switch (state) {
    case BuildState::creating:
    case BuildState::scheduled:
    case BuildState::waiting:
    case BuildState::running:
    case BuildState::canceling:
      return BitbucketState::in_progress;
    case BuildState::failing:  // the build can no longer pass; developers see it early
    case BuildState::failed:
    case BuildState::waiting_failed:
      return BitbucketState::failed;
    case BuildState::passed:
    case BuildState::blocked:
      return BitbucketState::successful;
    case BuildState::canceled:
      return BitbucketState::cancelled;
    case BuildState::skipped:
    case BuildState::not_run:
      return std::nullopt;
    case BuildState::other:
      return BitbucketState::unknown;
  }
  return std::nullopt;
}

}  // namespace

std::optional<BitbucketState> bitbucket_state(const Build& build, const StatePolicy& policy) {
  const bool waits_at_block =
      build.state == BuildState::blocked || (build.blocked && build.state == BuildState::passed);
  if (waits_at_block && policy.blocked) return *policy.blocked;
  const auto chosen = policy.chosen.find(build.state);
  return chosen == policy.chosen.end() ? default_state(build.state) : chosen->second;
}

BitbucketState closing_state(const StatePolicy& policy) {
  const auto canceled = policy.chosen.find(BuildState::canceled);
  const StateChoice chosen = canceled == policy.chosen.end() ? std::nullopt : canceled->second;
  return chosen.value_or(BitbucketState::cancelled);
}

BitbucketState gone_state(const StatePolicy& policy) {
  const StateChoice chosen = policy.gone.value_or(std::nullopt);
  return chosen ? *chosen : closing_state(policy);
}

bool reports_open_builds(const StatePolicy& policy) {
  return std::none_of(policy.chosen.begin(), policy.chosen.end(),
                      [](const auto& row) { return is_open(row.first) && !row.second; });
}

}  // namespace connector
