// What one build, as Buildkite shows it, means for Bitbucket. Pure: a build and the rules in, a verdict out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/build.hh"
#include "core/build/build_status.hh"
#include "core/build/presentation.hh"
#include "core/build/shard.hh"
#include "core/place/scope.hh"
#include "core/saved_state.hh"

namespace connector {

/// All settings that decide what is reported.
struct Rules {
  std::string organization;
  Scope scope;
  Shard shard;
  Presentation presentation;
  std::vector<PipelineOverride> overrides;
  bool separate_pull_requests = false;  ///< builds of pull requests have a status of their own
  bool per_step = false;                ///< steps have statuses of their own, beside that of the build
};

/// How the builds of this pipeline are shown.
Presentation presentation_of(std::string_view slug, const Rules& rules);

/// How a build bears on the status of its commit.
enum class Bearing {
  decides,           ///< `status` is what its key is to show, if no newer build decides
  without_verdict,   ///< ended skipped, not_run or in an ignored state: closes what it opened itself, nothing
                     ///< else
  ignored,           ///< open, and the user mapped its state to "ignore"
  awaits_commit,     ///< open and without a full commit id yet
  unreportable,      ///< ended without a full commit id
  filtered_out,      ///< left out by the user's filters
  other_shard,       ///< its pipeline belongs to another shard, which reports it
  other_repository,  ///< its pipeline's repository is not on our Bitbucket
  unknown_host       ///< whether it is has to be asked first
};

/// What a step of a build that decides is to show.
struct StepVerdict {
  std::string step;
  StatusKey key;
  BuildStatus status;
  bool open = false;
};

struct Verdict {
  Bearing bearing = Bearing::ignored;
  StatusKey key;              ///< with decides and without_verdict
  std::uint64_t subject = 0;  ///< whose status it is; see LedgerEntry
  BuildStatus status;         ///< with decides; with without_verdict the status that would close the build
  /// With decides: the steps that ran or will, where they are reported one by one; nothing when the build's
  /// jobs are not at hand.
  std::optional<std::vector<StepVerdict>> steps;
  BitbucketState closing = BitbucketState::cancelled;  ///< what ends a status that lost its build or step
};

/// What a build means, whichever shard its pipeline belongs to. `now` is Buildkite's clock, by which what was
/// learned about hosts grows old. Of the state it matters which
/// hosts and new names of repositories are known, and under which key a commit's status was posted first.
Verdict judge(const Build& build, const Rules& rules, const SavedState& state, Timestamp now);

/// What a build means to the shard that keeps this state: as judge(), but builds of other shards' pipelines
/// are other_shard. A pipeline changes its shard when it is renamed or the number of shards changes. What the
/// ledger has left unfinished under the build's key then stays this shard's until it is finished, so that
/// nothing stays in progress for ever: both shards tell Bitbucket the same meanwhile.
Verdict judge_in_shard(const Build& build, const Rules& rules, const SavedState& state, Timestamp now);

/// A build whose verdict is decides or without_verdict, for the ledger.
Sighting sighting_of(const Build& build, const Verdict& verdict);
/// Its steps, for the ledger; nothing when they are not at hand.
std::optional<std::vector<Sighting>> step_sightings_of(const Sighting& build, const Verdict& verdict);

}  // namespace connector
