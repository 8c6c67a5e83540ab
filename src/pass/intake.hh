// Takes builds, as Buildkite shows them, into the ledger.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/admission.hh"
#include "core/build/build.hh"
#include "core/place/clone_url.hh"
#include "core/saved_state.hh"
#include "core/verdict.hh"
#include "pass/outcome.hh"
#include "report/log.hh"

namespace connector::pass {

class Intake {
 public:
  /// All must outlive the intake.
  Intake(const Rules& rules, SavedState& state, Counts& counts, const report::Log& log);

  /// A build that a read of `source` showed. What a partial read shows has to wait until it is known how far
  /// the others came.
  void take(const Build& build, Source source);

  /// The partial reads' builds: each decides now, or its commit is held until all builds of it were read.
  void decide_waiting();

  /// The clone URLs, by place_of() and repository, of builds that wait until it is known whether the host is
  /// ours.
  [[nodiscard]] std::map<std::string, std::map<Repository, CloneUrl>> unplaced() const;
  /// Takes the builds again that waited for that, now that more is known; `now` is Buildkite's clock.
  void place(Timestamp now);
  /// What the state remembers of builds that wait still: should the pass end here, the next one reads them
  /// again, with their commits. To be called before each save.
  void keep_unplaced();

  /// Pipelines whose repository is on a host that is neither ours nor a public service, with that host.
  [[nodiscard]] const std::map<std::string, std::string>& unmatched() const noexcept { return unmatched_; }
  /// Words for build states that this version does not know.
  [[nodiscard]] const std::set<std::string>& unknown_states() const noexcept { return unknown_states_; }
  /// Whether a build of the pipeline was shown.
  [[nodiscard]] bool has_shown(const std::string& pipeline) const { return pipelines_.contains(pipeline); }
  /// By how much a build was seen later than the pass that should have shown it: the longest such lag.
  [[nodiscard]] std::chrono::milliseconds lag() const noexcept { return lag_; }

 private:
  struct Waiting {
    Sighting sighting;
    bool has_verdict = false;
    std::optional<std::vector<Sighting>> steps{};
    BitbucketState closing = BitbucketState::cancelled;
  };
  struct Unplaced {
    Build build;
    Source source;
  };

  void note_pipeline(const Build& build);
  void note_other_repository(const Pipeline& pipeline);
  void await_commit(const Build& build);
  void take_steps_of(const Sighting& build, std::optional<std::vector<Sighting>> steps,
                     BitbucketState closing);
  void decide(Waiting waiting, Source source, bool was_waiting_for_its_commit);

  const Rules& rules_;
  SavedState& state_;
  Counts& counts_;
  const report::Log& log_;
  const std::optional<Timestamp> last_complete_;  // as it was when the pass began
  Timestamp now_;                                 // by which what was learned about hosts grows old
  /// Of pipelines that come into scope, old builds are new to us without having been shown late.
  const std::set<std::string> pipelines_before_;
  std::vector<Waiting> waiting_;
  std::vector<Unplaced> unplaced_;
  std::map<std::string, std::string> unmatched_;
  std::set<std::string> unknown_states_;
  std::set<std::string> pipelines_;
  std::chrono::milliseconds lag_{0};
};

}  // namespace connector::pass
