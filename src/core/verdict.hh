// What one build, as Buildkite shows it, means for Bitbucket. Pure: a build and the rules in, a verdict out.
#pragma once

#include <string>

#include "core/build.hh"
#include "core/build_status.hh"
#include "core/ledger.hh"
#include "core/scope.hh"
#include "core/state_policy.hh"
#include "core/status_text.hh"

namespace connector {

/// All settings that decide what is reported.
struct Rules {
  std::string organization;
  Scope scope;
  StatePolicy states;
  StatusTemplates templates;
};

/// How a build bears on the status of its commit.
enum class Bearing {
  decides,           ///< `status` is what its key is to show, if no newer build decides
  without_verdict,   ///< ended skipped, not_run or in an ignored state: closes what it opened itself, nothing
                     ///< else
  ignored,           ///< open, and the user mapped its state to "ignore"
  awaits_commit,     ///< open and without a full commit id yet
  unreportable,      ///< ended without a full commit id
  filtered_out,      ///< left out by the user's filters
  other_repository,  ///< its pipeline's repository is not on our Bitbucket
  unknown_host       ///< whether it is has to be asked first
};

struct Verdict {
  Bearing bearing = Bearing::ignored;
  StatusKey key;       ///< with decides and without_verdict
  BuildStatus status;  ///< with decides; with without_verdict the status that would close the build
};

/// `now` is Buildkite's clock, by which what was learned about hosts grows old.
Verdict judge(const Build& build, const Rules& rules, const RepositoryMap& map, Timestamp now);

/// A build whose verdict is decides or without_verdict, for the ledger.
Sighting sighting_of(const Build& build, Verdict verdict);

}  // namespace connector
