#include "core/build/presentation.hh"

#include <algorithm>

#include "core/text/text.hh"

namespace connector {
namespace {

void lay_over(Presentation& presentation, const PipelineOverride& set) {
  for (const auto& [state, choice] : set.states.chosen) presentation.states.chosen[state] = choice;
  if (set.states.blocked) presentation.states.blocked = set.states.blocked;
  if (set.states.gone) presentation.states.gone = set.states.gone;
  for (const auto member :
       {&StatusTemplates::key, &StatusTemplates::name, &StatusTemplates::description,
        &StatusTemplates::parent, &StatusTemplates::step_key, &StatusTemplates::step_name}) {
    if (!(set.texts.*member).empty()) presentation.templates.*member = set.texts.*member;
  }
}

}  // namespace

Presentation presentation_of(std::string_view slug, Presentation general,
                             const std::vector<PipelineOverride>& overrides) {
  // From the last to the first, so that the first one is on top.
  std::for_each(overrides.rbegin(), overrides.rend(), [&](const PipelineOverride& set) {
    if (glob_matches(set.slug, slug)) lay_over(general, set);
  });
  return general;
}

bool reports_open_builds(const Presentation& general, const std::vector<PipelineOverride>& overrides) {
  return reports_open_builds(general.states) &&
         std::all_of(overrides.begin(), overrides.end(),
                     [](const PipelineOverride& set) { return reports_open_builds(set.states); });
}

}  // namespace connector
