#include "pass/pass.hh"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "buildkite/access_token.hh"
#include "core/error.hh"
#include "core/ledger/doubt.hh"
#include "core/text/duration.hh"
#include "pass/adoption.hh"
#include "pass/bitbucket_session.hh"
#include "pass/condition_warnings.hh"
#include "pass/forgetting.hh"
#include "pass/head.hh"
#include "pass/intake.hh"
#include "pass/listing.hh"
#include "pass/posting.hh"
#include "pass/repository_questions.hh"
#include "pass/rereading.hh"
#include "pass/slice_reading.hh"
#include "pass/slices.hh"
#include "pass/standing_warnings.hh"

namespace connector::pass {
namespace {

/// How long passes may fail before what is temporary counts as unavailable.
constexpr std::chrono::minutes lasting{30};

class Pass {
 public:
  Pass(const Settings& settings, SavedState& state, http::Engine& engine, const Save& save,
       const report::Log& log, const Watch& watch)
      : settings_(settings),
        state_(state),
        engine_(engine),
        save_(save),
        log_(log),
        watch_(watch),
        intake_(settings_.rules, state, counts_, log),
        reader_{engine, intake_, counts_, causes_, log, settings.rules.organization, {}},
        session_(engine, settings, state, causes_, log),
        questions_(session_, state, intake_),
        posting_(session_, settings, state, counts_, causes_, log),
        adoption_(session_, state, counts_, causes_),
        head_(reader_, settings, state),
        rereading_(reader_, settings, state),
        gap_reading_(reader_, gaps_of(state, listing_query(settings))),
        sweep_reading_(reader_, sweep_of(state, listing_query(settings))) {}

  Report run(Timestamp local_now) {
    begin();
    if (!settings_.commits.empty()) {
      repair();
      return finish_repair();
    }
    head_.start();
    work();
    if (head_.talked()) {
      head_.move_cursors();
      intake_.decide_waiting();
      look_back();
      begin_sweep();
      ask_about_token();
      while (engine_.accepting() && do_a_round()) {
      }
      own_up_to_what_is_left();
      adopt();
      intake_.keep_unplaced();
    }
    return finish(local_now);
  }

 private:
  void begin();
  void work();
  void repair();
  void tell_again(const std::set<std::string>& commits);
  Report finish_repair();
  void look_back();
  void begin_sweep();
  bool do_a_round();
  bool ask_and_post();
  void own_up_to_what_is_left();
  void adopt();
  void ask_about_token();
  [[nodiscard]] Evidence evidence() const { return {head_.complete(), state_.cursors.gaps}; }
  [[nodiscard]] ConditionWarnings::Findings findings() const {
    return {intake_, posting_, rereading_, counts_};
  }
  void save_at_end();
  Report finish(Timestamp local_now);

  const Settings& settings_;
  SavedState& state_;
  http::Engine& engine_;
  const Save& save_;
  const report::Log& log_;
  const Watch& watch_;
  Counts counts_;
  Causes causes_;
  Intake intake_;
  Reader reader_;
  BitbucketSession session_;
  RepositoryQuestions questions_;
  Posting posting_;
  Adoption adoption_;
  Head head_;
  Rereading rereading_;
  SliceReading gap_reading_;
  SliceReading sweep_reading_;
};

void Pass::begin() {
  state_.ledger.begin_pass();
  if (settings_.adopt || !settings_.commits.empty()) state_.ledger.keep_statuses();
  for (auto& [id, build] : state_.rereads.waiting_builds) build.seen_in_this_pass = false;
  if (state_.posting) doubt_outbox(state_.ledger, state_.last_run.value_or(Timestamp{}));
}

void Pass::work() {
  engine_.run([this] {
    if (watch_) watch_(counts_);
  });
}

/// Only the builds of some commits, and these whatever was told before. No cursor moves.
void Pass::repair() {
  BuildQuery query = page_query(settings_);
  query.commits = settings_.commits;
  state_.rereads.reading = {settings_.commits.begin(), settings_.commits.end()};
  Listing listing(reader_, Listing::Urgency::due, Source::commit, query);
  listing.start([this] { return engine_.accepting(); });
  work();
  if (listing.walk().ended()) {
    tell_again(state_.rereads.reading);
  } else {
    causes_.add(ExitStatus::temp_fail);
  }
  state_.rereads.reading.clear();
}

/// All builds of these commits were read. Those of a host that is not known yet come with Bitbucket's answer.
void Pass::tell_again(const std::set<std::string>& commits) {
  if (intake_.unplaced().empty() && counts_.builds == 0) {
    log_.warn(counts_.other_shard == 0
                  ? "Buildkite shows no build of this commit that is to be reported"
                  : "the builds of this commit are other shards' to report; --explain names them");
  }
  state_.ledger.conclude(commits, CommitRead::in_this_pass);
  state_.ledger.tell_again(commits);
  while (engine_.accepting() && ask_and_post()) {
    work();
    intake_.decide_waiting();
    state_.ledger.conclude(commits, CommitRead::in_this_pass);
  }
}

Report Pass::finish_repair() {
  intake_.keep_unplaced();
  state_.ledger.drop_kept_statuses();
  save_at_end();
  counts_.waiting = state_.ledger.outbox_size();
  return Report{causes_.exit_status(false), counts_, state_.cursors.gaps, posting_.statuses(), {}};
}

/// Asked for by hand, so it is due: it waits for the quota for as long as the pass may last.
void Pass::look_back() {
  if (!settings_.since) return;
  BuildQuery query = listing_query(settings_);
  query.created_from = start_of(*settings_.since, head_.server_date());
  Listing listing(reader_, Listing::Urgency::due, Source::gap, query);
  listing.start([this] { return engine_.accepting(); });
  work();
  if (listing.walk().ended()) return;
  const auto reached = listing.walk().oldest_created();
  causes_.add(ExitStatus::temp_fail);
  log_.error("not all builds were looked back to; give the pass more time (--deadline) and start it again",
             {{"reached", reached ? format_timestamp(*reached) : "nothing"}});
}

void Pass::begin_sweep() {
  if (!settings_.keeps_state || !state_.cursors.gaps.empty()) return;
  const auto newest = created_floor(state_.cursors, settings_.overlap);
  if (!newest || !state_.remembered_from) return;
  state_.sweeps = begin_due_sweep(state_.sweeps, head_.server_date(), *newest, *state_.remembered_from);
}

/// Asks about hosts, posts what is due and, beside that, reads more; false when there was nothing of it.
bool Pass::do_a_round() {
  const bool posts = ask_and_post();
  const bool again = rereading_.begin_round(evidence(), head_.server_date());
  const bool gaps = gap_reading_.begin_round();
  const bool sweep = sweep_reading_.begin_round();
  work();
  intake_.decide_waiting();
  return posts || again || gaps || sweep;
}

/// What is about to be posted is saved before, with the cursors: whatever happens then, the next pass knows
/// what is due and what may have arrived.
bool Pass::ask_and_post() {
  if (session_.stopped()) return false;
  const Timestamp now = head_.server_date();
  const auto due = plan_posts(state_.ledger, evidence(), state_.parked, now);
  const auto doubts = doubts_to_check(state_.ledger, now);
  const bool asked = questions_.begin_round(due, now);
  if (due.empty() && doubts.empty()) return asked;
  const bool all_saved = std::all_of(
      due.begin(), due.end(), [&](std::size_t position) { return state_.ledger.at(position).written_ahead; });
  if (!all_saved) {
    state_.posting = true;
    intake_.keep_unplaced();
    save_(state_, SaveMoment::before_posting);
    state_.ledger.mark_written_ahead();
  }
  posting_.queue(due, doubts, now);
  return true;
}

/// After the deadline or a stop what is due still goes to the engine: it completes as not begun, and is told
/// and counted like any other failure.
void Pass::own_up_to_what_is_left() {
  if (!engine_.accepting() && ask_and_post()) work();
}

/// Tokens of Buildkite end after a week unless somebody chose otherwise. Asked once a day; once an hour when
/// it ends soon, so that a new one is noticed.
void Pass::ask_about_token() {
  const Timestamp now = head_.server_date();
  const auto known = state_.token_expires_at;
  const bool soon = known && buildkite::expires_soon({{}, known}, now);
  const auto pause = soon ? std::chrono::hours{1} : StandingWarnings::usual_pause;
  if (!settings_.keeps_state || !StandingWarnings(state_.warned, now).due("token asked", pause)) return;
  engine_.submit(buildkite::access_token_request(), [this, now](http::Outcome outcome) {
    const auto answer = buildkite::read_access_token(std::move(outcome));
    const auto* token = std::get_if<buildkite::AccessToken>(&answer);
    if (token == nullptr) return;
    state_.token_expires_at = token->expires_at;
    if (!buildkite::expires_soon(*token, now)) return;
    if (!StandingWarnings(state_.warned, now).due("token expires")) return;
    log_.warn(
        "the Buildkite API token expires soon; replace it in time (BUILDKITE_API_TOKEN, buildkite.token)",
        {{"expires", format_seconds(*token->expires_at)}});
  });
}

void Pass::adopt() {
  if (!settings_.adopt) return;
  adoption_.queue(head_.server_date());
  work();
  state_.ledger.drop_kept_statuses();
}

/// A state that cannot be saved any more costs repeated posts, not statuses; it must not hide what else went
/// wrong.
void Pass::save_at_end() {
  state_.posting = false;
  try {
    save_(state_, SaveMoment::at_end);
  } catch (const Error& error) {
    log_.error(error.what());
    causes_.add(error.status());
  }
}

Report Pass::finish(Timestamp local_now) {
  if (head_.talked()) {
    ConditionWarnings(findings(), settings_.overlap, causes_, log_)
        .tell(StandingWarnings(state_.warned, head_.server_date()));
    forget_what_is_settled(state_, head_.server_date(), settings_.overlap);
  }
  const bool failing_before = state_.failing_since.has_value();
  if (causes_.nothing_left()) {
    state_.failing_since.reset();
  } else if (!failing_before || *state_.failing_since > local_now) {
    state_.failing_since = local_now;
  }
  const bool lasted = state_.failing_since && local_now - *state_.failing_since >= lasting;
  if (head_.talked() || failing_before != state_.failing_since.has_value()) save_at_end();
  counts_.waiting = state_.ledger.outbox_size();
  return Report{causes_.exit_status(lasted), counts_, state_.cursors.gaps, posting_.statuses(),
                intake_.lag()};
}

}  // namespace

Report run(const Settings& settings, SavedState& state, http::Engine& engine, const Save& save,
           const report::Log& log, Timestamp local_now, const Watch& watch) {
  Pass pass(settings, state, engine, save, log, watch);
  return pass.run(local_now);
}

}  // namespace connector::pass
