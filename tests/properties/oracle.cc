#include "properties/oracle.hh"

#include <algorithm>

namespace connector::properties {
namespace {

constexpr const char* closed = "CANCELLED";

struct Builds {
  const Build* newest_that_ran = nullptr;
  bool some_never_ran = false;
};

Builds builds_of(const support::Organization& organization, const Key& key) {
  Builds found;
  if (!organization.has_pipeline(key.first)) return found;
  for (const auto* model : organization.builds()) {
    const Build& build = model->build;
    if (build.pipeline.slug != key.first || build.commit != key.second) continue;
    if (never_ran(build.state)) {
      found.some_never_ran = true;
    } else if (found.newest_that_ran == nullptr || build.number > found.newest_that_ran->number) {
      found.newest_that_ran = &build;
    }
  }
  return found;
}

bool is_there(const support::Organization& organization, const Key& key, std::uint64_t number) {
  return organization.has_pipeline(key.first) && organization.find(key.first, number) != nullptr;
}

/// What gone builds may have left: nobody looks again at a build that had ended before it was deleted, so the
/// verdict that was told of it may stand.
std::set<std::string> verdicts_of_gone_builds(const support::Organization& organization, const Key& key,
                                              const KeyHistory& history, std::uint64_t above) {
  std::set<std::string> states;
  for (const SeenPost& post : history.accepted) {
    if (post.number > above && post.state != "INPROGRESS" && !is_there(organization, key, post.number))
      states.insert(post.state);
  }
  return states;
}

/// A restored state does not know what was told after it was saved, and nobody can tell: a status that by
/// its ledger stands already, or of which it does not know at all, stays what was told last. Nor can anybody
/// tell that a post of the forgotten time is still on its way.
void allow_for_restored_state(std::set<std::string>& states, const KeyHistory& history,
                              const Build* decides) {
  if (!history.restored || history.accepted.empty()) return;
  const auto [restored_at, saved_at] = *history.restored;
  const SeenPost* known = nullptr;
  const SeenPost* last = nullptr;
  for (const SeenPost& post : history.accepted) {
    if (post.at > restored_at) {
      if (post.late && &post == &history.accepted.back()) states.insert(post.state);
      continue;
    }
    last = &post;
    if (post.at <= saved_at) known = &post;
  }
  if (last == nullptr || last == known) return;
  const bool stands = known != nullptr && decides != nullptr && known->number == decides->number &&
                      known->state == state_of(*decides);
  if (stands || decides == nullptr) states.insert(last->state);
}

}  // namespace

std::string state_of(const Build& build) {
  switch (build.state) {
    case BuildState::failing:
    case BuildState::failed:
    case BuildState::waiting_failed:
      return "FAILED";
    case BuildState::passed:
    case BuildState::blocked:
      return "SUCCESSFUL";
    case BuildState::canceled:
      return closed;
    case BuildState::skipped:
    case BuildState::not_run:
      return "";
    case BuildState::other:
      return "UNKNOWN";
    case BuildState::creating:
    case BuildState::scheduled:
    case BuildState::waiting:
    case BuildState::running:
    case BuildState::canceling:
      return "INPROGRESS";
  }
  return "";
}

std::set<std::string> right_states(const support::Organization& organization, const Key& key,
                                   const KeyHistory& history) {
  const Builds builds = builds_of(organization, key);
  const Build* decides = builds.newest_that_ran;
  std::set<std::string> states =
      verdicts_of_gone_builds(organization, key, history, decides == nullptr ? 0 : decides->number);
  if (decides != nullptr) {
    states.insert(state_of(*decides));
  } else {
    // A status in progress is closed. One whose POST failed may be thought to be shown, and one whose POST
    // was never tried is nothing to close.
    const auto says_in_progress = [](const SeenPost& post) { return post.state == "INPROGRESS"; };
    if (!history.attempted.empty()) states.insert(closed);
    if (history.accepted.empty()) states.insert("");
    // A build that failed early and was skipped in the end does not exist in Buildkite, but a verdict on a
    // build that counts no more may stand when it is not in progress.
    if (builds.some_never_ran && !history.accepted.empty() && !says_in_progress(history.accepted.back()))
      states.insert(history.accepted.back().state);
  }
  allow_for_restored_state(states, history, decides);
  return states;
}

}  // namespace connector::properties
