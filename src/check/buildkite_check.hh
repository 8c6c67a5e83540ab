// The part of --check that talks to Buildkite: the token, and which pipelines have builds that are to be
// reported.
#pragma once

#include <map>
#include <set>
#include <string>

#include "check/finding.hh"
#include "check/server.hh"
#include "core/build/build.hh"
#include "http/engine.hh"
#include "pass/settings.hh"

namespace connector::check {

/// What the newest builds show of a pipeline.
struct SeenPipeline {
  Pipeline pipeline;
  std::set<std::string> parents;  ///< that its statuses are sent with
};

using RecentPipelines = std::map<std::string, SeenPipeline>;  // by slug

/// Looks at the way to Buildkite, the token's scopes and its end, and reads the newest 500 builds of the
/// organization. Returns the pipelines they show; none when no build could be read, which is a finding.
RecentPipelines look_at_buildkite(const pass::Settings& settings, const Server& server, http::Engine& engine,
                                  Findings& findings);

}  // namespace connector::check
