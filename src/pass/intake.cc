#include "pass/intake.hh"

#include <utility>

#include "core/clone_url.hh"
#include "core/host.hh"
#include "core/text.hh"

namespace connector::pass {
namespace {

Sighting sighting_of(const Build& build, Verdict verdict) {
  Sighting sighting;
  sighting.key = std::move(verdict.key);
  sighting.pipeline = build.pipeline.slug;
  sighting.build_number = build.number;
  sighting.build_created_at = build.created_at;
  sighting.build_open = is_open(build.state);
  sighting.status = std::move(verdict.status);
  return sighting;
}

}  // namespace

void Intake::take(const Build& build) {
  Verdict verdict = judge(build, rules_);
  if (verdict.bearing == Bearing::filtered_out) {
    ++counts_.filtered_out;
    return;
  }
  ++counts_.builds;
  constexpr std::size_t enough_words = 20;
  if (build.state == BuildState::other && unknown_states_.size() < enough_words) {
    unknown_states_.insert(first_line(build.state_word));
  }
  switch (verdict.bearing) {
    case Bearing::decides:
      ledger_.observe(sighting_of(build, std::move(verdict)));
      break;
    case Bearing::without_verdict:
      ledger_.observe_without_verdict(sighting_of(build, std::move(verdict)));
      break;
    case Bearing::other_repository:
      note_other_repository(build.pipeline);
      break;
    case Bearing::unreportable:
      ++counts_.unreportable;
      log_.debug("the build ended without a full commit id, so there is nothing to report it on",
                 {{"pipeline", build.pipeline.slug}, {"build", std::to_string(build.number)}});
      break;
    case Bearing::awaits_commit:
    case Bearing::ignored:
    case Bearing::filtered_out:
      break;
  }
}

void Intake::note_other_repository(const Pipeline& pipeline) {
  ++counts_.other_repository;
  const std::string host = host_of(pipeline.repository);
  if (!is_cloud_host(host)) unmatched_.emplace(pipeline.slug, host);
}

}  // namespace connector::pass
