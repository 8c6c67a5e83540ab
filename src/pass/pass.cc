#include "pass/pass.hh"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

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
        posting_(engine, settings, state, counts_, causes_, log) {}

  Report run(Timestamp local_now) {
    state_.ledger.begin_pass();
    read_head();
    move_cursors();
    read_gaps_and_post();
    return finish(local_now);
  }

 private:
  void read_head();
  void start_older_listings(Timestamp created_before, Timestamp finished_from);
  void move_cursors();
  void read_gaps_and_post();
  void read_next_gap();
  void post_due();
  void warn_about_standing_conditions();
  void forget_what_is_settled();
  Report finish(Timestamp local_now);

  /// Buildkite's clock; where an answer had no Date, the newest time known.
  [[nodiscard]] Timestamp server_date() const;
  /// How far the very first pass looks back.
  [[nodiscard]] Timestamp first_floor() const { return server_date() - settings_.initial_search_time; }
  [[nodiscard]] BuildQuery query() const;
  [[nodiscard]] bool talked() const;
  [[nodiscard]] bool listings_complete() const;

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
  std::unique_ptr<Listing> created_;
  std::unique_ptr<Listing> open_;
  std::unique_ptr<Listing> finished_;
  bool first_pass_ = false;
  std::vector<std::unique_ptr<Listing>> gaps_;  // the last one is being read
};

BuildQuery Pass::query() const {
  BuildQuery query;
  query.per_page = settings_.per_page;
  return query;
}

Timestamp Pass::server_date() const {
  if (const auto date = engine_.date(http::PeerId::buildkite)) return *date;
  Timestamp newest = state_.last_run.value_or(Timestamp{});
  if (created_ && created_->walk().newest_created())
    newest = std::max(newest, *created_->walk().newest_created());
  return newest;
}

/// The created listing, newest first, and beside it what happens to builds older than it reaches. The first
/// pass knows no time to begin with: its first answer brings the server's Date, and all but its first page is
/// left to the gap.
void Pass::read_head() {
  const auto floor = created_floor(state_.cursors, settings_.overlap);
  BuildQuery head = query();
  head.created_from = floor;
  created_ = std::make_unique<Listing>(reader_, Listing::Urgency::due, head);
  first_pass_ = !floor;
  if (floor) {
    const auto finished_from = finished_floor(state_.cursors, settings_.overlap);
    start_older_listings(*floor, finished_from.value_or(*floor - settings_.initial_search_time));
    created_->start([] { return true; });
  } else {
    created_->stop_below([this] { return first_floor(); });
    created_->start([this] {
      start_older_listings(first_floor(), first_floor());
      return false;
    });
  }
  engine_.run();
}

void Pass::start_older_listings(Timestamp created_before, Timestamp finished_from) {
  constexpr unsigned most_open_pages = 5;
  BuildQuery open = query();
  open.created_to = created_before;
  open.open_only = true;
  open_ = std::make_unique<Listing>(reader_, Listing::Urgency::due, open);
  open_->start([this] { return open_->pages() < most_open_pages; });

  BuildQuery finished = query();
  finished.created_to = created_before;
  finished.finished_from = finished_from;
  finished_ = std::make_unique<Listing>(reader_, Listing::Urgency::due, finished);
  finished_->start([] { return true; });
}

bool Pass::talked() const {
  return created_->pages() > 0 || (open_ && open_->pages() > 0) || (finished_ && finished_->pages() > 0);
}

bool Pass::listings_complete() const {
  return created_->walk().ended() && open_ && open_->walk().ended() && finished_ && finished_->walk().ended();
}

void Pass::move_cursors() {
  if (!talked()) return;
  const Walk& created = created_->walk();
  const HeadRead head{created.newest_created(), created.read_down_to(), created.ended()};
  state_.cursors = after_head(std::move(state_.cursors), head, server_date(), first_floor());
  state_.last_run = server_date();
  // While the head is cut, builds between its floor and where it stopped are in neither listing. On the first
  // pass they are in the gap, which is read later.
  if (finished_ && finished_->walk().ended() && (created.ended() || first_pass_)) {
    const auto newest = std::max(created.newest_finished(), finished_->walk().newest_finished());
    state_.cursors = after_finished(std::move(state_.cursors), newest, server_date(), settings_.overlap);
  }
  if (listings_complete()) state_.cursors.last_complete = server_date();
}

/// Cursor and outbox are saved together before the first POST: whatever happens then, the next pass knows
/// what is due. What a gap shows later is either posted or, since the gap is saved as unread, read again.
void Pass::read_gaps_and_post() {
  if (!talked()) return;
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
  BuildQuery range = query();
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
  posting_.post_due({listings_complete(), state_.cursors.gaps}, server_date());
}

void Pass::warn_about_standing_conditions() {
  StandingWarnings warnings(state_.warned, server_date());
  for (const auto& [pipeline, host] : intake_.unmatched()) {
    if (!warnings.due("unmatched:" + pipeline)) continue;
    log_.warn(
        "the pipeline's repository is not on the configured Bitbucket server, so its builds are not "
        "reported; if "
        "it is the same server by another name, add the host to bitbucket.repository_hosts",
        {{"pipeline", pipeline}, {"host", host.empty() ? "(none)" : host}});
  }
  if (counts_.unreadable > 0 && warnings.due("unreadable")) {
    log_.warn(
        "records of Buildkite's answers could not be read and were left out; --log-level=info names them",
        {{"records", std::to_string(counts_.unreadable)}});
    causes_.add(ExitStatus::incomplete);
  }
}

void Pass::forget_what_is_settled() {
  std::erase_if(state_.warned, [&](const auto& row) { return server_date() - row.second > memory; });
  std::erase_if(state_.dead_letters,
                [&](const DeadLetter& letter) { return server_date() - letter.since > dead_letter_memory; });
  if (!state_.cursors.gaps.empty() || !state_.cursors.created) return;
  state_.ledger.forget_before(std::min(server_date(), *state_.cursors.created) - settings_.overlap - memory);
}

Report Pass::finish(Timestamp local_now) {
  if (talked()) {
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
  if (talked() || failing_before != state_.failing_since.has_value()) save_(state_, SaveMoment::at_end);
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
