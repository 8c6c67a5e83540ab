#include "pass/pass.hh"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "core/error.hh"
#include "pass/head.hh"
#include "pass/intake.hh"
#include "pass/listing.hh"
#include "pass/posting.hh"
#include "pass/standing_warnings.hh"

namespace connector::pass {
namespace {

/// How long passes may fail before what is temporary counts as unavailable.
constexpr std::chrono::minutes lasting{30};

/// How long after its build a delivered, closed status is remembered, beyond the overlap.
constexpr std::chrono::hours memory{24 * 7};

/// How long a dead letter stays in the state for people to find.
constexpr std::chrono::hours dead_letter_memory{24 * 30};

class Pass {
 public:
  Pass(const Settings& settings, SavedState& state, http::Engine& engine, const Save& save,
       const report::Log& log)
      : settings_(settings),
        state_(state),
        engine_(engine),
        save_(save),
        log_(log),
        intake_(settings_.rules, state.ledger, counts_, log),
        reader_{engine, intake_, counts_, causes_, log, settings.rules.organization, {}},
        posting_(engine, settings, state, counts_, causes_, log),
        head_(reader_, settings, state) {}

  Report run(Timestamp local_now) {
    state_.ledger.begin_pass();
    head_.start();
    engine_.run();
    if (head_.talked()) {
      head_.move_cursors();
      read_gaps_and_post();
    }
    return finish(local_now);
  }

 private:
  void read_gaps_and_post();
  void read_next_gap();
  void post_due();
  void warn_about_standing_conditions();
  void forget_what_is_settled();
  void save_at_end();
  Report finish(Timestamp local_now);

  const Settings& settings_;
  SavedState& state_;
  http::Engine& engine_;
  const Save& save_;
  const report::Log& log_;
  Counts counts_;
  Causes causes_;
  Intake intake_;
  Reader reader_;
  Posting posting_;
  Head head_;
  std::vector<std::unique_ptr<Listing>> gaps_;  // the last one is being read
};

/// Cursor and outbox are saved together before the first POST: whatever happens then, the next pass knows
/// what is due. What a gap shows later is either posted or, since the gap is saved as unread, read again.
void Pass::read_gaps_and_post() {
  const bool idle = state_.ledger.outbox_size() == 0 && state_.cursors.gaps.empty();
  if (idle) return;
  save_(state_, SaveMoment::before_posting);
  post_due();
  read_next_gap();
  engine_.run();
}

void Pass::read_next_gap() {
  if (state_.cursors.gaps.empty() || !engine_.accepting()) return;
  const bool first = gaps_.empty();
  if (!first && !allows_spare_work(engine_.quota(http::PeerId::buildkite))) return;
  BuildQuery range;
  range.per_page = settings_.per_page;
  range.created_from = state_.cursors.gaps.front().from;
  range.created_to = state_.cursors.gaps.front().to;
  gaps_.push_back(std::make_unique<Listing>(reader_, Listing::Urgency::spare, range));
  Listing& listing = *gaps_.back();
  listing.start([this, &listing] {
    const Walk& walk = listing.walk();
    state_.cursors = after_gap(std::move(state_.cursors), walk.read_down_to(), walk.ended());
    post_due();
    if (walk.ended()) read_next_gap();
    return allows_spare_work(engine_.quota(http::PeerId::buildkite));
  });
}

void Pass::post_due() {
  posting_.post_due({head_.complete(), state_.cursors.gaps}, head_.server_date());
}

void Pass::warn_about_standing_conditions() {
  StandingWarnings warnings(state_.warned, head_.server_date());
  for (const auto& [pipeline, host] : intake_.unmatched()) {
    if (!warnings.due("unmatched:" + pipeline)) continue;
    log_.warn(
        "the pipeline's repository is not on the Bitbucket server, so its builds are not reported; if this is "
        "another name of the same server, add it to bitbucket.repository_hosts",
        {{"pipeline", pipeline}, {"host", host.empty() ? "(none)" : host}});
  }
  for (const auto& word : intake_.unknown_states()) {
    if (!warnings.due("state:" + word)) continue;
    log_.warn("Buildkite shows a build state that this version does not know; it is reported as UNKNOWN",
              {{"state", word}});
  }
  for (const Repository& repository : posting_.not_permitted()) {
    const std::string name = repository.project + "/" + repository.slug;
    if (!warnings.due("not permitted:" + name)) continue;
    log_.warn("the account may not report on a repository; give it the permission to read it",
              {{"repository", name}});
    causes_.add(ExitStatus::incomplete);
  }
  if (counts_.unreadable > 0 && warnings.due("unreadable")) {
    log_.warn(
        "records of Buildkite's answers could not be read and were left out; --log-level=info names them",
        {{"records", std::to_string(counts_.unreadable)}});
    causes_.add(ExitStatus::incomplete);
  }
}

void Pass::forget_what_is_settled() {
  std::erase_if(state_.warned, [&](const auto& row) { return head_.server_date() - row.second > memory; });
  std::erase_if(state_.dead_letters, [&](const DeadLetter& letter) {
    return head_.server_date() - letter.since > dead_letter_memory;
  });
  if (!state_.cursors.gaps.empty() || !state_.cursors.created) return;
  state_.ledger.forget_before(std::min(head_.server_date(), *state_.cursors.created) - settings_.overlap -
                              memory);
}

/// A state that cannot be saved any more costs repeated posts, not statuses; it must not hide what else went
/// wrong.
void Pass::save_at_end() {
  try {
    save_(state_, SaveMoment::at_end);
  } catch (const Error& error) {
    log_.error(error.what());
    causes_.add(error.status());
  }
}

Report Pass::finish(Timestamp local_now) {
  if (head_.talked()) {
    warn_about_standing_conditions();
    forget_what_is_settled();
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
  return Report{causes_.exit_status(lasted), counts_, state_.cursors.gaps};
}

}  // namespace

Report run(const Settings& settings, SavedState& state, http::Engine& engine, const Save& save,
           const report::Log& log, Timestamp local_now) {
  Pass pass(settings, state, engine, save, log);
  return pass.run(local_now);
}

}  // namespace connector::pass
