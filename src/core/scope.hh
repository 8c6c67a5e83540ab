// Which builds are ours to report: filters by pipeline and branch, and the repository a pipeline belongs to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/build.hh"
#include "core/build_status.hh"

namespace connector {

/// What the user restricts the connector to, and how pipelines name our server.
struct Scope {
  std::vector<std::string> pipelines;  ///< globs over slugs; none = all
  std::vector<std::string> exclude_pipelines;
  std::vector<std::string> branches;  ///< globs over branch names; none = all
  std::vector<std::string> exclude_branches;
  std::vector<std::string> known_hosts;  ///< hosts of clone URLs that mean our Bitbucket, lower case
  std::string own_pipeline;  ///< slug of the pipeline this pass runs in, whose scheduled builds are left out
  bool report_unmatched = false;  ///< bitbucket.unmatched = "build-status"
};

/// Whether the filters let this build through.
bool passes_filters(const Build& build, const Scope& scope);

/// The repository a pipeline's builds are reported to: that of its clone URL when its host is known, a
/// Repository with empty fields (the legacy endpoint) for others when report_unmatched is set, else nothing.
std::optional<Repository> repository_of(const Pipeline& pipeline, const Scope& scope);

}  // namespace connector
