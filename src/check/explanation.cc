#include "check/explanation.hh"

#include <algorithm>
#include <utility>
#include <variant>

#include "bitbucket/status_request.hh"
#include "buildkite/builds_answer.hh"
#include "buildkite/builds_request.hh"
#include "check/asking.hh"
#include "core/ledger/plan.hh"
#include "core/listing/walk.hh"
#include "core/step_statuses.hh"
#include "core/text/text.hh"

namespace connector::check {
namespace {

std::string name_of(const Repository& repository) {
  return repository == Repository{} ? "the commit, whatever repository has it"
                                    : repository.project + "/" + repository.slug;
}

std::string name_of(const Told& told) {
  return std::string(word_of(told.state)) + " of build #" + std::to_string(told.build_number);
}

/// What a build means for Bitbucket, as judge_in_shard() has it; `shard` is the one that its pipeline belongs
/// to.
std::string meaning_of(const Verdict& verdict, const Shard& shard) {
  switch (verdict.bearing) {
    case Bearing::decides:
      return std::string(word_of(verdict.status.state)) + " for " + name_of(verdict.key.repository);
    case Bearing::without_verdict:
      return "no verdict: it never ran, or its state is not reported";
    case Bearing::ignored:
      return "not reported while it is in this state ([states])";
    case Bearing::awaits_commit:
      return "waits until an agent has found out its commit";
    case Bearing::unreportable:
      return "ended without a full commit id, so there is nothing to report it on";
    case Bearing::filtered_out:
      return "left out by the filters in [buildkite], or a scheduled build of our own pipeline";
    case Bearing::other_shard:
      return "its pipeline belongs to shard " + text_of(shard) + ", which reports it (sync.shard)";
    case Bearing::other_repository:
      return "its pipeline's repository is not on this Bitbucket (bitbucket.repository_hosts)";
    case Bearing::unknown_host:
      break;
  }
  return "its pipeline's repository is on a host that Bitbucket is still to be asked about (--check asks)";
}

}  // namespace

ExitStatus Explanation::explain(const std::string& commit) {
  tell_("commit " + commit);
  const auto builds = read_builds(commit);
  if (!builds) return status_;
  next_ = state_.ledger;
  next_.begin_pass();
  now_ = engine_.date(http::PeerId::buildkite).value_or(state_.last_run.value_or(Timestamp{}));
  tell_("Buildkite has " + std::to_string(builds->size()) + " builds of it" + (builds->empty() ? "" : ":"));
  for (const Build& build : *builds) tell_build(build);
  for (const LedgerEntry& entry : state_.ledger.entries()) {
    if (entry.key.commit == commit) builds_[entry.key];
  }
  if (state_.rereads.held_commits.contains(commit))
    tell_("all its builds are to be read before anything is reported, since a newer one may exist");
  next_.conclude({commit}, CommitRead::in_this_pass);
  for (const auto& [key, of_key] : builds_) tell_status(key);
  return status_;
}

std::optional<std::vector<Build>> Explanation::read_builds(const std::string& commit) {
  BuildQuery query = pass::page_query(settings_);
  query.commits = {commit};
  std::vector<Build> builds;
  for (Walk walk(query); walk.goes_on();) {
    auto answer = buildkite::read_builds(
        ask(engine_, buildkite::builds_request(settings_.rules.organization, walk.next())));
    if (const auto* none = std::get_if<buildkite::NoPage>(&answer)) {
      tell_(none->text);
      status_ = none->cause;
      return std::nullopt;
    }
    const auto& page = std::get<buildkite::BuildsPage>(answer);
    for (const Build* build : walk.take(page.builds, page.records(), page.server_says_more))
      builds.push_back(*build);
  }
  return builds;
}

void Explanation::tell_build(const Build& build) {
  const Rules& rules = settings_.rules;
  const Verdict verdict = judge_in_shard(build, rules, state_, now_);
  tell_("  " + build.pipeline.slug + " #" + std::to_string(build.number) + ", " + build.state_word +
        (build.blocked ? " and blocked" : "") + ", created " + format_seconds(build.created_at) + " on " +
        (build.tag.empty() ? "branch " + build.branch : "tag " + build.tag) + ": " +
        meaning_of(verdict, shard_of(build.pipeline.slug, rules.shard.count)));
  if (verdict.bearing == Bearing::decides) {
    builds_[verdict.key].push_back(&build);
    const Sighting sighting = sighting_of(build, verdict);
    next_.observe(sighting);
    observe_steps(build, sighting, verdict);
  } else if (verdict.bearing == Bearing::without_verdict) {
    builds_[verdict.key];
    if (next_.observe_without_verdict(sighting_of(build, verdict)))
      withdraw_steps(next_, verdict.key, build.number, verdict.closing);
  }
}

void Explanation::observe_steps(const Build& build, const Sighting& sighting, const Verdict& verdict) {
  auto steps = step_sightings_of(sighting, verdict);
  if (!steps) return;
  for (const Sighting& step : *steps) builds_[step.key].push_back(&build);
  if (next_.find(sighting.key)->build_number == build.number)
    take_steps(next_, sighting, *std::move(steps), verdict.closing);
}

void Explanation::tell_status(const StatusKey& key) {
  const auto& builds = builds_.at(key);
  const LedgerEntry* next = next_.find(key);
  const bool of_step = next != nullptr && !next->step.empty();
  tell_("status '" + key.key + "' of " + (of_step ? "step '" + printable(next->step, 100) + "' in " : "") +
        name_of(key.repository) + ":");
  if (of_step && next->build_number > 0) {
    const bool ran = std::any_of(builds.begin(), builds.end(),
                                 [&](const Build* build) { return build->number == next->build_number; });
    tell_("  build #" + std::to_string(next->build_number) + " decides" +
          (ran ? "" : ", which does not run the step"));
  } else if (of_step || builds.empty()) {
    tell_("  no build that ran decides it");
  } else {
    const auto newest = std::max_element(
        builds.begin(), builds.end(), [](const Build* a, const Build* b) { return a->number < b->number; });
    tell_("  build #" + std::to_string((*newest)->number) + " decides, the newest of the " +
          std::to_string(builds.size()) + " that ran");
  }
  tell_ledger(state_.ledger.find(key));
  tell_records(key);
  tell_next_pass(key);
}

void Explanation::tell_ledger(const LedgerEntry* entry) {
  if (entry == nullptr) return tell_("  the state file knows nothing of it");
  if (entry->told) tell_("  Bitbucket was told last: " + name_of(*entry->told));
  if (!entry->told && !entry->outgoing) tell_("  Bitbucket was told nothing yet");
  if (entry->doubt)
    tell_("  a post got no answer; what Bitbucket shows is read after " +
          format_seconds(entry->doubt->check_at));
  if (entry->outgoing) {
    tell_("  waiting to be posted: " + name_of(told_by(entry->outgoing->status)) + ", refused " +
          std::to_string(entry->outgoing->refusals) + " times, failed " +
          std::to_string(entry->outgoing->failures) + " times");
  }
  if (entry->given_up) tell_("  given up: " + name_of(*entry->given_up));
  for (const DeadLetter& letter : state_.dead_letters) {
    if (letter.key == entry->key)
      tell_("  given up at " + format_seconds(letter.since) + ": " + letter.reason);
  }
}

void Explanation::tell_records(const StatusKey& key) {
  const Capabilities capabilities = state_.capabilities.value_or(Capabilities{});
  if (bitbucket::is_repository_scoped(key, capabilities) && capabilities.reading_by_key) {
    const auto answer =
        bitbucket::read_record(ask(engine_, bitbucket::record_request(key, capabilities)), key);
    if (const auto* failure = std::get_if<Delivery>(&answer)) return tell_("  Bitbucket: " + failure->text);
    const auto& record = std::get<std::optional<bitbucket::Record>>(answer);
    tell_record("the repository's endpoint", record ? &*record : nullptr);
  }
  if (!legacy_records_) {
    auto answer = bitbucket::read_records(ask(engine_, bitbucket::records_request(key.commit)));
    if (const auto* failure = std::get_if<Delivery>(&answer)) return tell_("  Bitbucket: " + failure->text);
    legacy_records_ = std::get<std::vector<bitbucket::Record>>(std::move(answer));
  }
  const auto row = std::find_if(legacy_records_->begin(), legacy_records_->end(),
                                [&](const bitbucket::Record& record) { return record.key == key.key; });
  tell_record("the old endpoint", row == legacy_records_->end() ? nullptr : &*row);
}

void Explanation::tell_record(std::string_view endpoint, const bitbucket::Record* record) {
  tell_("  Bitbucket shows by " + std::string(endpoint) + ": " +
        (record == nullptr ? "nothing" : record->state + ", " + record->url));
}

void Explanation::tell_next_pass(const StatusKey& key) {
  const LedgerEntry* entry = next_.find(key);
  if (entry == nullptr || !entry->outgoing) {
    tell_("  the next pass posts nothing for it");
  } else if (is_parked(state_.parked, key.repository, now_)) {
    tell_("  nothing is sent to the repository before " +
          format_seconds(state_.parked.at(key.repository).until) + ", since it refused statuses");
  } else if (in_back_off(*entry->outgoing, now_)) {
    tell_("  it is posted after " + format_seconds(*entry->outgoing->not_before) +
          ", since Bitbucket refused it before");
  } else {
    tell_("  the next pass that reads the build posts " + name_of(told_by(entry->outgoing->status)) + " (" +
          std::string(word_of(reason_of(*entry))) + "); --commit does so at once");
  }
}

}  // namespace connector::check
