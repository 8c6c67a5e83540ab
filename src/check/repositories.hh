// The part of --check that looks at repositories: which one does each pipeline belong to, may the account
// report there, and does somebody send what merge checks wait for.
#pragma once

#include <map>
#include <vector>

#include "check/buildkite_check.hh"
#include "check/finding.hh"
#include "check/questions.hh"
#include "core/place/repository_map.hh"
#include "pass/settings.hh"

namespace connector::check {

/// What these steps work with. All must outlive them.
struct Repositories {
  const pass::Settings& settings;
  RepositoryMap& map;  ///< what is known of repositories; what is found here is added
  Questions& questions;
  Findings& findings;
  Timestamp now{};  ///< Buildkite's clock
};

/// The pipelines that are reported to a repository, by its present name.
using PlacedPipelines = std::map<Repository, std::vector<const SeenPipeline*>>;

/// Finds out for each pipeline whether its builds are reported, and where. The server is asked about hosts
/// that nothing is known of, as a pass would do.
PlacedPipelines place(const RecentPipelines& pipelines, const Repositories& given);

/// What the look at repositories came to.
struct Readable {
  PlacedPipelines pipelines;          ///< of those that may be read, by a name that a rename may have changed
  std::vector<Repository> answering;  ///< under every name that was asked for
};

/// Asks for each repository whether the account may read it. Only failures and new names are told.
Readable look_at_repositories(const PlacedPipelines& placed, const Repositories& given);

/// Asks for the Required builds of each repository, and compares them with what its pipelines send. Other
/// tools may send builds, too, so a key that none of our pipelines sends is no failure.
void look_at_required_builds(const PlacedPipelines& readable, const Repositories& given);

}  // namespace connector::check
