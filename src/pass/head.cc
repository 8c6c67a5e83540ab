#include "pass/head.hh"

#include <algorithm>
#include <utility>

namespace connector::pass {

using Urgency = Listing::Urgency;

/// What waits gets at least one request of the quota: a gap, a sweep, and re-reads by commit and by number,
/// of which the latter may have to ask for the pipeline, too.
bool Head::may_go_on() const {
  const bool gap = !state_.cursors.gaps.empty();
  const bool sweep = state_.sweeps.running.has_value() && !gap;
  const int reserved = (gap ? 1 : 0) + (sweep ? 1 : 0) + (rereads_ ? 3 : 0);
  return reserved == 0 || leaves_requests(reader_.engine.quota(http::PeerId::buildkite), reserved);
}

/// What was never read goes before what is read once more: beside a gap, a large overlap gets a few pages.
bool Head::may_go_below_the_cursor() {
  constexpr unsigned most_pages_beside_a_gap = 5;
  if (state_.cursors.gaps.empty() || created_->walk().oldest_created() >= state_.cursors.created) return true;
  return ++pages_below_the_cursor_ < most_pages_beside_a_gap;
}

Timestamp Head::server_date() const {
  if (const auto date = reader_.engine.date(http::PeerId::buildkite)) return *date;
  const Timestamp newest = state_.last_run.value_or(Timestamp{});
  return std::max(newest, created_ ? created_->walk().newest_created().value_or(newest) : newest);
}

void Head::start() {
  const auto floor = created_floor(state_.cursors, settings_.overlap);
  rereads_ = may_have_rereads(state_.rereads, state_.ledger);
  first_pass_ = !floor;
  BuildQuery created = listing_query(settings_);
  created.created_from = floor;
  created_ = std::make_unique<Listing>(reader_, Urgency::due, Source::head, created);
  if (floor) {
    start_older_listings(*floor);
    created_->start([this] { return may_go_on() && may_go_below_the_cursor(); });
  } else {
    created_->stop_below([this] { return look_back(); });
    created_->start([this] {
      start_older_listings(look_back());
      return false;
    });
  }
}

/// Of more open builds than a pass may read, each pass reads the next part.
void Head::read_open(Timestamp created_before) {
  constexpr unsigned most_open_pages = 5;
  const auto left_at = state_.open_listing_to;
  open_from_newest_ = !left_at || *left_at >= created_before;
  BuildQuery open = listing_query(settings_);
  open.created_to = open_from_newest_ ? created_before : *left_at;
  open.open_only = true;
  open_ = std::make_unique<Listing>(reader_, Urgency::due, Source::partial, open);
  open_->start([this] { return open_->pages() < most_open_pages && may_go_on(); });
}

void Head::start_older_listings(Timestamp created_before) {
  read_open(created_before);
  const FinishedTask task = finished_task(state_.cursors, created_before, look_back(), settings_.overlap);
  finished_ = Finished{task, outside_gaps(state_.cursors.gaps, task.created_to), {}};
  read_next_stretch();
}

void Head::read_next_stretch() {
  const Stretch& stretch = finished_->stretches.at(finished_->listings.size());
  BuildQuery finished = listing_query(settings_);
  finished.finished_from = finished_->task.finished_from;
  finished.created_from = stretch.from;
  finished.created_to = stretch.to;
  finished_->listings.push_back(std::make_unique<Listing>(reader_, Urgency::due, Source::partial, finished));
  finished_->listings.back()->start([this] {
    const bool stretch_ended = finished_->listings.back()->walk().ended();
    if (stretch_ended && !finished_ended() && may_go_on()) read_next_stretch();
    return may_go_on();
  });
}

bool Head::finished_ended() const {
  return finished_ && finished_->listings.size() == finished_->stretches.size() &&
         finished_->listings.back()->walk().ended();
}

bool Head::talked() const {
  return (created_ && created_->pages() > 0) || (open_ && open_->pages() > 0) ||
         (finished_ && finished_->listings.front()->pages() > 0);
}

bool Head::complete() const {
  return created_ && created_->walk().ended() && open_ && open_from_newest_ && open_->walk().ended() &&
         finished_ended() && !finished_->task.next_cursor;
}

FinishedRead Head::finished_read() const {
  FinishedRead read;
  const Listing& last = *finished_->listings.back();
  const Stretch& stretch = finished_->stretches.at(finished_->listings.size() - 1);
  read.ended = finished_ended();
  read.created_to = last.walk().ended() ? stretch.from.value_or(stretch.to)
                                        : last.walk().read_down_to().value_or(stretch.to);
  read.newest_finished = created_->walk().newest_finished();
  for (const auto& listing : finished_->listings) {
    read.newest_finished = std::max(read.newest_finished, listing->walk().newest_finished());
  }
  // On the first pass what the head leaves is in the gap, which is read later than this.
  read.head_cut = !first_pass_ && created_->pages() > 0 && !created_->walk().ended();
  return read;
}

/// Where neither a Date nor a build tells what time it is, nothing can be said of how far was read.
void Head::move_cursors() {
  if (!is_conceivable(server_date())) return;
  Cursors& cursors = state_.cursors;
  if (finished_) {
    cursors = after_finished(std::move(cursors), finished_->task, finished_read(), server_date(),
                             settings_.overlap);
  }
  const Walk& created = created_->walk();
  const HeadRead head{created.newest_created(), created.read_down_to(), created.ended(),
                      created.oldest_created()};
  cursors = after_head(std::move(cursors), head, server_date(), look_back());
  if (open_ && open_->pages() > 0) {
    state_.open_listing_to = open_->walk().ended() ? std::nullopt : open_->walk().read_down_to();
  }
  if (!state_.remembered_from) state_.remembered_from = look_back();
  state_.last_run = server_date();
}

}  // namespace connector::pass
