#include "core/presentation.hh"

#include <algorithm>

#include "core/text.hh"

namespace connector {
namespace {

template <typename Chosen>
void take_if_set(Chosen& target, const Chosen& chosen) {
  if (chosen) target = chosen;
}

void take_if_set(std::string& target, const std::optional<std::string>& chosen) {
  if (chosen) target = *chosen;
}

void lay_over(Presentation& presentation, const PipelineOverride& set) {
  for (const auto& [state, choice] : set.states.chosen) presentation.states.chosen[state] = choice;
  take_if_set(presentation.states.blocked, set.states.blocked);
  take_if_set(presentation.states.gone, set.states.gone);
  take_if_set(presentation.templates.key, set.key);
  take_if_set(presentation.templates.name, set.name);
  take_if_set(presentation.templates.description, set.description);
  take_if_set(presentation.templates.parent, set.parent);
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
