#include "pass/rereading.hh"

#include <utility>
#include <variant>

#include "buildkite/builds_request.hh"
#include "core/step_statuses.hh"
#include "core/verdict.hh"

namespace connector::pass {
namespace {

constexpr unsigned most_batch_requests = 5;
constexpr unsigned most_lookups = 5;

}  // namespace

bool Rereading::begin_round(const Evidence& evidence, Timestamp now) {
  evidence_ = evidence;
  now_ = now;
  return read_next_batch() || look_up_next();
}

bool Rereading::may_go_on(std::size_t requests, unsigned most) const {
  return requests < most && reader_.engine.accepting() &&
         (requests == 0 || allows_spare_work(reader_.engine.quota(http::PeerId::buildkite)));
}

bool Rereading::read_next_batch() {
  if (!may_go_on(batch_requests_, most_batch_requests)) return false;
  CommitBatch batch = next_batch(state_.rereads, state_.ledger, evidence_, now_);
  if (batch.commits.empty()) return false;
  batch_begun(state_.rereads, batch);
  BuildQuery query = page_query(settings_);
  query.commits = batch.commits;
  if (batch.position) {
    query.created_to = batch.position->created_to;
    query.page = batch.position->page;
  }
  batches_.push_back(std::make_unique<Listing>(reader_, Listing::Urgency::spare, Source::commit, query));
  Listing& listing = *batches_.back();
  listing.start([this, &listing, batch] { return take_batch_page(listing, batch); },
                [this, &listing, batch](bool told_to_wait) { leave_batch(listing, batch, told_to_wait); });
  return true;
}

bool Rereading::take_batch_page(const Listing& listing, const CommitBatch& batch) {
  ++batch_requests_;
  const Walk& walk = listing.walk();
  if (walk.ended()) {
    const auto commits = batch_ended(state_.rereads, batch);
    state_.ledger.conclude(commits,
                           batch.position ? CommitRead::over_several_passes : CommitRead::in_this_pass);
    if (!read_next_batch()) look_up_next();
    return false;
  }
  if (walk.goes_on()) {
    batch_read(state_.rereads, walk.position());
    if (may_go_on(batch_requests_, most_batch_requests)) return true;
    batch_cut(state_.rereads);
  } else {
    batch_failed(state_.rereads, batch);
  }
  look_up_next();
  return false;
}

void Rereading::leave_batch(const Listing& listing, const CommitBatch& batch, bool told_to_wait) {
  ++batch_requests_;
  if (told_to_wait) {
    if (listing.pages() > 0) batch_cut(state_.rereads);
    return;
  }
  batch_failed(state_.rereads, batch);
  look_up_next();
}

bool Rereading::look_up_next() {
  if (!may_go_on(looked_up_.size(), most_lookups)) return false;
  auto next = next_lookups(state_.rereads, state_.ledger, 1);
  if (next.empty() || !looked_up_.insert(build_place(next.front())).second) return false;
  const Lookup lookup = std::move(next.front());
  state_.rereads.last_build = build_place(lookup);
  reader_.engine.submit(buildkite::build_request(reader_.organization, lookup.pipeline, lookup.number,
                                                 settings_.rules.per_step),
                        [this, lookup](http::Outcome outcome) { take_lookup(lookup, std::move(outcome)); });
  return true;
}

void Rereading::take_lookup(const Lookup& lookup, http::Outcome outcome) {
  const auto answer = buildkite::read_build(std::move(outcome));
  if (const auto* page = std::get_if<buildkite::BuildsPage>(&answer)) {
    take_records(reader_, *page);
    for (const Build& build : page->builds) {
      reader_.intake.take(build, Source::partial);
      if (lookup.entry) close_if_left_out(*lookup.entry, build);
    }
  } else if (const auto& none = std::get<buildkite::NoPage>(answer); !none.not_found) {
    note_trouble(reader_, none, none.told_to_wait);
    return;
  } else if (reader_.intake.has_shown(lookup.pipeline)) {
    note_missing(lookup, true);
  } else {
    ask_for_pipeline(lookup);
    return;
  }
  look_up_next();
}

void Rereading::withdraw(std::size_t position, BitbucketState closing) {
  const LedgerEntry& entry = state_.ledger.at(position);
  withdraw_steps(state_.ledger, entry.key, entry.build_number, closing);
  state_.ledger.declare_gone(position, closing);
}

/// Filters, a pipeline's repository or the key may have changed while a build was open. What it shows under
/// the old key ends with its own outcome then.
void Rereading::close_if_left_out(std::size_t position, const Build& build) {
  const Rules& rules = settings_.rules;
  const Verdict verdict = judge(build, rules, state_, now_);
  const bool reported = verdict.bearing == Bearing::decides || verdict.bearing == Bearing::without_verdict;
  const StatusKey& key = state_.ledger.at(position).key;
  if (is_open(build.state) || (reported && verdict.key == key)) return;
  const StatePolicy states = presentation_of(build.pipeline.slug, rules).states;
  withdraw(position, bitbucket_state(build, states).value_or(closing_state(states)));
  hold(state_.rereads, key.commit);
}

/// Once in a pass for each pipeline: the build alone may be gone, or the whole pipeline.
void Rereading::ask_for_pipeline(const Lookup& lookup) {
  if (const auto known = pipeline_answers_.find(lookup.pipeline); known != pipeline_answers_.end()) {
    note_missing(lookup, known->second);
    look_up_next();
    return;
  }
  reader_.engine.submit(buildkite::pipeline_request(reader_.organization, lookup.pipeline),
                        [this, lookup](http::Outcome outcome) {
                          const auto answer = buildkite::read_builds(std::move(outcome));
                          const auto* none = std::get_if<buildkite::NoPage>(&answer);
                          if (none != nullptr && !none->not_found) {
                            note_trouble(reader_, *none, none->told_to_wait);
                            return;
                          }
                          pipeline_answers_[lookup.pipeline] = none == nullptr;
                          note_missing(lookup, none == nullptr);
                          look_up_next();
                        });
}

void Rereading::note_missing(const Lookup& lookup, bool pipeline_answers) {
  const auto gone = [&](std::optional<Missing>& missing) {
    missing = still_missing(missing, pipeline_answers, now_);
    const bool is = is_gone(*missing, now_);
    if (is && missing->pipeline_hidden) hidden_.insert(lookup.pipeline);
    return is;
  };
  if (lookup.entry) {
    LedgerEntry& entry = state_.ledger.at(*lookup.entry);
    if (!gone(entry.missing)) return;
    withdraw(*lookup.entry, gone_state(presentation_of(entry.pipeline, settings_.rules).states));
    hold(state_.rereads, entry.key.commit);
    return;
  }
  const auto waiting = state_.rereads.waiting_builds.find(lookup.waiting_id);
  if (waiting == state_.rereads.waiting_builds.end()) return;
  if (gone(waiting->second.missing)) state_.rereads.waiting_builds.erase(waiting);
}

}  // namespace connector::pass
