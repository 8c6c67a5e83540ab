// How the builds of a pipeline are shown on Bitbucket: the general choice, and what the user set for single
// pipelines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/build/state_policy.hh"
#include "core/build/status_text.hh"

namespace connector {

struct Presentation {
  StatePolicy states;
  StatusTemplates templates;
};

/// What the user wrote under one [[pipeline]]: only what is set there differs from the general choice.
struct PipelineOverride {
  std::string slug;  ///< glob over slugs
  StatePolicy states;
  StatusTemplates texts{"", "", "", "", "", ""};  ///< empty: not set
};

/// The presentation of this pipeline's builds. Of several overrides that match and set the same thing, the
/// first in the file decides.
Presentation presentation_of(std::string_view slug, Presentation general,
                             const std::vector<PipelineOverride>& overrides);

/// Whether every open state of a build is reported in all presentations, so that a build is known from its
/// first sight on.
bool reports_open_builds(const Presentation& general, const std::vector<PipelineOverride>& overrides);

}  // namespace connector
