#include "core/verdict.hh"

#include <algorithm>
#include <utility>

#include "core/text/text.hh"

namespace connector {

namespace {

/// A pipeline's builds have one status on a commit, or one for its branches and one for its pull requests, or
/// one for each branch.
std::uint64_t subject_of(const Build& build, bool apart, bool by_branch) {
  return fnv1a64(build.pipeline.id + (apart ? "\npull request" : "") +
                 (by_branch ? "\nbranch " + build.branch : ""));
}

/// Where the build is shown. A status that was posted before the key began to name the branch, or no longer
/// did, keeps its key and is for the same builds as before.
void find_place(Verdict& verdict, const Build& build, const Presentation& shown, bool apart,
                const Ledger& ledger) {
  const bool by_branch = shown.templates.key.find("{build.branch}") != std::string::npos;
  const StatusKey key = verdict.key;
  verdict.subject = subject_of(build, apart, by_branch);
  verdict.key = ledger.kept_key(key, verdict.subject);
  if (verdict.key != key || ledger.find(key) != nullptr) return;
  const std::uint64_t before = subject_of(build, apart, !by_branch);
  verdict.key = ledger.kept_key(key, before);
  if (verdict.key != key) verdict.subject = before;
}

/// The state of a step within its build: what has not ended when the build has, never will.
BuildState state_within(const Step& step, const Build& build) {
  if (is_open(build.state) || !is_open(step.state)) return step.state;
  if (step.state == BuildState::failing) return BuildState::failed;
  return step.started_at ? BuildState::canceled : BuildState::not_run;
}

std::optional<std::vector<StepVerdict>> judge_steps(const Build& build, const Verdict& verdict,
                                                    const Presentation& shown, const Rules& rules,
                                                    const Ledger& ledger) {
  std::vector<StepVerdict> steps;
  if (!rules.per_step) return steps;
  if (!build.jobs) return std::nullopt;
  Build bare = build;  // what is copied for each step must not hold the jobs of all
  bare.jobs.reset();
  Build alone = bare;
  alone.blocked = false;
  for (Step& step : steps_of(build)) {
    step.state = state_within(step, build);
    if (never_ran(step.state)) continue;
    alone.state = step.state;
    const auto state = bitbucket_state(alone, shown.states);
    if (!state) continue;
    StatusKey key = verdict.key;
    key.key = step_key(build, step, shown.templates, rules.organization);
    steps.push_back({step.key, ledger.kept_key(std::move(key), verdict.subject, step.key),
                     compose_step_status(bare, step, *state, shown.templates, rules.organization),
                     is_open(step.state)});
  }
  return steps;
}

}  // namespace

Presentation presentation_of(std::string_view slug, const Rules& rules) {
  return presentation_of(slug, rules.presentation, rules.overrides);
}

Verdict judge(const Build& build, const Rules& rules, const SavedState& state, Timestamp now) {
  Verdict verdict;
  if (!passes_filters(build, rules.scope)) {
    verdict.bearing = Bearing::filtered_out;
    return verdict;
  }
  const Placement placement = placement_of(build.pipeline, rules.scope, state.repositories, now);
  if (placement.kind != Placement::Kind::reported) {
    const bool elsewhere = placement.kind == Placement::Kind::elsewhere;
    verdict.bearing = elsewhere ? Bearing::other_repository : Bearing::unknown_host;
    return verdict;
  }
  if (!is_full_commit(build.commit)) {
    verdict.bearing = is_open(build.state) ? Bearing::awaits_commit : Bearing::unreportable;
    return verdict;
  }
  Presentation shown = presentation_of(build.pipeline.slug, rules);
  const bool apart = rules.separate_pull_requests && !build.pull_request.empty();
  if (apart) shown.templates = for_pull_requests(std::move(shown.templates));
  verdict.key = {placement.repository, ascii_lower(build.commit),
                 status_key(build, shown.templates, rules.organization)};
  find_place(verdict, build, shown, apart, state.ledger);
  verdict.closing = closing_state(shown.states);
  const auto bitbucket = bitbucket_state(build, shown.states);
  if (!bitbucket && is_open(build.state)) return verdict;
  verdict.bearing = bitbucket ? Bearing::decides : Bearing::without_verdict;
  verdict.status =
      compose_status(build, bitbucket.value_or(verdict.closing), shown.templates, rules.organization);
  if (bitbucket) verdict.steps = judge_steps(build, verdict, shown, rules, state.ledger);
  return verdict;
}

Verdict judge_in_shard(const Build& build, const Rules& rules, const SavedState& state, Timestamp now) {
  Verdict verdict = judge(build, rules, state, now);
  if (verdict.bearing == Bearing::filtered_out || has_pipeline(rules.shard, build.pipeline.slug))
    return verdict;
  const LedgerEntry* left = state.ledger.find(verdict.key);
  const auto steps = state.ledger.steps_beside(verdict.key, verdict.subject);
  const bool finished = (left == nullptr || is_settled(*left)) &&
                        std::all_of(steps.begin(), steps.end(),
                                    [&](std::size_t at) { return is_settled(state.ledger.entries()[at]); });
  if (finished) verdict.bearing = Bearing::other_shard;
  return verdict;
}

Sighting sighting_of(const Build& build, const Verdict& verdict) {
  Sighting sighting;
  sighting.key = verdict.key;
  sighting.subject = verdict.subject;
  sighting.pipeline = build.pipeline.slug;
  sighting.build_number = build.number;
  sighting.build_created_at = build.created_at;
  sighting.build_open = is_open(build.state);
  sighting.of_pull_request = !build.pull_request.empty();
  sighting.status = verdict.status;
  return sighting;
}

std::optional<std::vector<Sighting>> step_sightings_of(const Sighting& build, const Verdict& verdict) {
  if (!verdict.steps) return std::nullopt;
  std::vector<Sighting> sightings;
  for (const StepVerdict& step : *verdict.steps) {
    Sighting& sighting = sightings.emplace_back(build);
    sighting.key = step.key;
    sighting.step = step.step;
    sighting.build_open = step.open;
    sighting.status = step.status;
  }
  return sightings;
}

}  // namespace connector
