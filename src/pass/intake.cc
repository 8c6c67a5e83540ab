#include "pass/intake.hh"

#include <algorithm>
#include <utility>

#include "core/place/clone_url.hh"
#include "core/place/host.hh"
#include "core/step_statuses.hh"
#include "core/text/text.hh"

namespace connector::pass {
namespace {

std::set<std::string> pipelines_of(const Ledger& ledger) {
  std::set<std::string> pipelines;
  for (const LedgerEntry& entry : ledger.entries()) pipelines.insert(entry.pipeline);
  return pipelines;
}

}  // namespace

Intake::Intake(const Rules& rules, SavedState& state, Counts& counts, const report::Log& log)
    : rules_(rules),
      state_(state),
      counts_(counts),
      log_(log),
      last_complete_(reports_open_builds(rules.presentation, rules.overrides) ? state.cursors.last_complete
                                                                              : std::nullopt),
      now_(state.last_run.value_or(Timestamp{})),
      pipelines_before_(pipelines_of(state.ledger)) {}

void Intake::take(const Build& build, Source source) {
  const Verdict verdict = judge_in_shard(build, rules_, state_, now_);
  if (verdict.bearing == Bearing::unknown_host) {
    unplaced_.push_back({build, source});
    return;
  }
  const bool had_waited =
      verdict.bearing != Bearing::awaits_commit && state_.rereads.waiting_builds.erase(build.id) > 0;
  if (verdict.bearing == Bearing::filtered_out) {
    ++counts_.filtered_out;
    return;
  }
  if (verdict.bearing == Bearing::other_shard) {
    ++counts_.other_shard;
    return;
  }
  note_pipeline(build);
  switch (verdict.bearing) {
    case Bearing::decides:
    case Bearing::without_verdict: {
      const bool has_verdict = verdict.bearing == Bearing::decides;
      Waiting waiting{sighting_of(build, verdict), has_verdict, {}, verdict.closing};
      waiting.steps = step_sightings_of(waiting.sighting, verdict);
      if (source == Source::partial) {
        waiting_.push_back(std::move(waiting));
      } else {
        decide(std::move(waiting), source, had_waited);
      }
      break;
    }
    case Bearing::other_repository:
      note_other_repository(build.pipeline);
      break;
    case Bearing::unreportable:
      ++counts_.unreportable;
      log_.debug("the build ended without a full commit id, so there is nothing to report it on",
                 {{"pipeline", build.pipeline.slug}, {"build", std::to_string(build.number)}});
      break;
    case Bearing::awaits_commit:
      await_commit(build);
      break;
    case Bearing::ignored:
    case Bearing::filtered_out:
    case Bearing::other_shard:
    case Bearing::unknown_host:
      break;
  }
}

std::map<std::string, std::map<Repository, CloneUrl>> Intake::unplaced() const {
  std::map<std::string, std::map<Repository, CloneUrl>> urls;
  for (const Unplaced& waiting : unplaced_) {
    if (auto url = parse_clone_url(waiting.build.pipeline.repository)) {
      urls[place_of(*url)].emplace(url->repository, *url);
    }
  }
  return urls;
}

void Intake::place(Timestamp now) {
  now_ = now;
  for (const Unplaced& waiting : std::exchange(unplaced_, {})) take(waiting.build, waiting.source);
}

void Intake::keep_unplaced() {
  for (const Unplaced& waiting : unplaced_) {
    if (is_full_commit(waiting.build.commit)) {
      hold(state_.rereads, ascii_lower(waiting.build.commit));
    } else if (is_open(waiting.build.state)) {
      await_commit(waiting.build);
    }
  }
}

void Intake::note_pipeline(const Build& build) {
  ++counts_.builds;
  pipelines_.insert(build.pipeline.slug);
  constexpr std::size_t enough_words = 20;
  if (build.state == BuildState::other && unknown_states_.size() < enough_words) {
    unknown_states_.insert(first_line(build.state_word));
  }
}

void Intake::note_other_repository(const Pipeline& pipeline) {
  ++counts_.other_repository;
  const std::string host = host_of(pipeline.repository);
  if (!is_cloud_host(host)) unmatched_.emplace(pipeline.slug, host);
}

void Intake::await_commit(const Build& build) {
  state_.rereads.waiting_builds[build.id] =
      WaitingBuild{build.pipeline.slug, build.number, build.created_at, std::nullopt, true};
}

void Intake::decide_waiting() {
  for (Waiting& waiting : std::exchange(waiting_, {})) decide(std::move(waiting), Source::partial, false);
}

void Intake::decide(Waiting waiting, Source source, bool was_waiting_for_its_commit) {
  Ledger& ledger = state_.ledger;
  const Sighting& sighting = waiting.sighting;
  const std::string commit = sighting.key.commit;
  // A read of all builds counts as such only for commits whose builds all kept their verdicts meanwhile.
  const bool whole = source == Source::commit && state_.rereads.reading.contains(commit);
  if (source == Source::commit && !whole) source = Source::partial;
  if (!waiting.has_verdict) {
    if (!ledger.observe_without_verdict(sighting)) return;
    withdraw_steps(ledger, sighting.key, sighting.build_number, waiting.closing);
    if (!whole) hold(state_.rereads, commit);
    return;
  }
  const LedgerEntry* known = ledger.find(sighting.key);
  if (!is_known(known, sighting) && !may_decide(known, sighting, source, state_.cursors.gaps)) {
    if (LedgerEntry* entry = ledger.find(sighting.key)) entry->key_in_this_pass = true;
    hold(state_.rereads, commit, sighting.build_created_at);
    return;
  }
  const Timestamp created_at = sighting.build_created_at;
  const bool was_in_scope = pipelines_before_.contains(sighting.pipeline);
  const bool first_sight = ledger.observe(sighting);
  take_steps_of(sighting, std::move(waiting.steps), waiting.closing);
  const bool by_listing = source == Source::head || source == Source::sweep;
  if (first_sight && was_in_scope && by_listing && last_complete_ && !was_waiting_for_its_commit)
    lag_ = std::max(lag_, *last_complete_ - created_at);
}

/// Steps go with the build that decides; of two reads of it in one pass, with the one that the ledger took.
/// Where it has ended and its steps are not at hand, none of them is in progress any more.
void Intake::take_steps_of(const Sighting& build, std::optional<std::vector<Sighting>> steps,
                           BitbucketState closing) {
  const LedgerEntry* entry = state_.ledger.find(build.key);
  const bool taken =
      entry != nullptr && entry->build_number == build.build_number && entry->build_open == build.build_open;
  if (!taken) return;
  if (steps) {
    take_steps(state_.ledger, build, *std::move(steps), closing);
  } else if (!build.build_open) {
    const bool passed = build.status.state == BitbucketState::successful;
    withdraw_steps(state_.ledger, build.key, build.build_number,
                   passed ? BitbucketState::successful : closing);
  }
}

}  // namespace connector::pass
