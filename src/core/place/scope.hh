// Which builds are ours to report: filters by pipeline, branch and source, and the repository a pipeline
// belongs to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/build/build.hh"
#include "core/build/build_status.hh"
#include "core/place/repository_map.hh"

namespace connector {

/// What the user restricts the connector to, and how pipelines name our server.
struct Scope {
  std::vector<std::string> pipelines;  ///< globs over slugs; none = all
  std::vector<std::string> exclude_pipelines;
  std::vector<std::string> branches;  ///< globs over branch names; none = all
  std::vector<std::string> exclude_branches;
  std::vector<std::string> sources;  ///< globs over what started a build: schedule, api; none = all
  std::vector<std::string> exclude_sources;
  std::string home;  ///< place_of() our Bitbucket's own https clone URLs: host and context path
  std::vector<std::string> known_hosts;  ///< further hosts of clone URLs that mean it, lower case
  std::string own_pipeline;  ///< slug of the pipeline this pass runs in, whose scheduled builds are left out
  bool report_unmatched = false;  ///< bitbucket.unmatched = "build-status"
};

/// Whether the filters let this build through.
bool passes_filters(const Build& build, const Scope& scope);

/// Where the builds of a pipeline are to be reported.
struct Placement {
  enum class Kind { reported, elsewhere, to_be_asked };
  Kind kind = Kind::elsewhere;
  Repository repository{};  ///< with reported; empty fields stand for the legacy endpoint
};

/// The repository of the pipeline's clone URL, under its present name, when the host is known or has been
/// found to be ours. A URL on our own host with another context path is another application's, unless found
/// otherwise. Of a host that is not known yet the server is to be asked, but never of a public service. What
/// is elsewhere is reported on the legacy endpoint when report_unmatched is set.
Placement placement_of(const Pipeline& pipeline, const Scope& scope, const RepositoryMap& map, Timestamp now);

}  // namespace connector
