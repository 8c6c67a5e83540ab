#include "core/verdict.hh"

#include <utility>

#include "core/text.hh"

namespace connector {

namespace {

/// A pipeline's builds have one status on a commit, or one for its branches and one for its pull requests.
std::uint64_t subject_of(const Build& build, bool apart) {
  return fnv1a64(build.pipeline.id + (apart ? "\npull request" : ""));
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
  const Presentation shown = presentation_of(build.pipeline.slug, rules);
  const bool apart = rules.separate_pull_requests && !build.pull_request.empty();
  const StatusTemplates templates = apart ? for_pull_requests(shown.templates) : shown.templates;
  verdict.subject = subject_of(build, apart);
  verdict.key = state.ledger.kept_key(
      {placement.repository, ascii_lower(build.commit), status_key(build, templates, rules.organization)},
      verdict.subject);
  const auto bitbucket = bitbucket_state(build, shown.states);
  if (!bitbucket && is_open(build.state)) return verdict;
  verdict.bearing = bitbucket ? Bearing::decides : Bearing::without_verdict;
  verdict.status =
      compose_status(build, bitbucket.value_or(closing_state(shown.states)), templates, rules.organization);
  return verdict;
}

Sighting sighting_of(const Build& build, Verdict verdict) {
  Sighting sighting;
  sighting.key = std::move(verdict.key);
  sighting.subject = verdict.subject;
  sighting.pipeline = build.pipeline.slug;
  sighting.build_number = build.number;
  sighting.build_created_at = build.created_at;
  sighting.build_open = is_open(build.state);
  sighting.of_pull_request = !build.pull_request.empty();
  sighting.status = std::move(verdict.status);
  return sighting;
}

}  // namespace connector
