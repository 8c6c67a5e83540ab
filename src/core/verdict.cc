#include "core/verdict.hh"

#include <utility>

#include "core/text.hh"

namespace connector {

Verdict judge(const Build& build, const Rules& rules, const RepositoryMap& map, Timestamp now) {
  Verdict verdict;
  if (!passes_filters(build, rules.scope)) {
    verdict.bearing = Bearing::filtered_out;
    return verdict;
  }
  const Placement placement = placement_of(build.pipeline, rules.scope, map, now);
  if (placement.kind != Placement::Kind::reported) {
    const bool elsewhere = placement.kind == Placement::Kind::elsewhere;
    verdict.bearing = elsewhere ? Bearing::other_repository : Bearing::unknown_host;
    return verdict;
  }
  if (!is_full_commit(build.commit)) {
    verdict.bearing = is_open(build.state) ? Bearing::awaits_commit : Bearing::unreportable;
    return verdict;
  }
  verdict.key = StatusKey{placement.repository, ascii_lower(build.commit),
                          status_key(build, rules.templates, rules.organization)};
  const auto state = bitbucket_state(build, rules.states);
  if (!state && is_open(build.state)) return verdict;
  verdict.bearing = state ? Bearing::decides : Bearing::without_verdict;
  verdict.status =
      compose_status(build, state.value_or(closing_state(rules.states)), rules.templates, rules.organization);
  return verdict;
}

Sighting sighting_of(const Build& build, Verdict verdict) {
  Sighting sighting;
  sighting.key = std::move(verdict.key);
  sighting.pipeline = build.pipeline.slug;
  sighting.build_number = build.number;
  sighting.build_created_at = build.created_at;
  sighting.build_open = is_open(build.state);
  sighting.of_pull_request = !build.pull_request.empty();
  sighting.status = std::move(verdict.status);
  return sighting;
}

}  // namespace connector
