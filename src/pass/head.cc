#include "pass/head.hh"

#include <algorithm>
#include <utility>

namespace connector::pass {

using Urgency = Listing::Urgency;

BuildQuery Head::query() const {
  BuildQuery query;
  query.per_page = settings_.per_page;
  return query;
}

/// A gap that waits gets at least one request of the quota.
bool Head::may_go_on() const {
  return state_.cursors.gaps.empty() || leaves_a_request(reader_.engine.quota(http::PeerId::buildkite));
}

Timestamp Head::server_date() const {
  if (const auto date = reader_.engine.date(http::PeerId::buildkite)) return *date;
  const Timestamp newest = state_.last_run.value_or(Timestamp{});
  return std::max(newest, created_ ? created_->walk().newest_created().value_or(newest) : newest);
}

void Head::start() {
  const auto floor = created_floor(state_.cursors, settings_.overlap);
  first_pass_ = !floor;
  BuildQuery created = query();
  created.created_from = floor;
  created_ = std::make_unique<Listing>(reader_, Urgency::due, created);
  if (floor) {
    start_older_listings(*floor);
    created_->start([this] { return may_go_on(); });
  } else {
    created_->stop_below([this] { return look_back(); });
    created_->start([this] {
      start_older_listings(look_back());
      return false;
    });
  }
}

void Head::start_older_listings(Timestamp created_before) {
  constexpr unsigned most_open_pages = 5;
  BuildQuery open = query();
  open.created_to = created_before;
  open.open_only = true;
  open_ = std::make_unique<Listing>(reader_, Urgency::due, open);
  open_->start([this] { return open_->pages() < most_open_pages && may_go_on(); });

  const FinishedTask task = finished_task(state_.cursors, created_before, look_back(), settings_.overlap);
  finished_ = Finished{task, outside_gaps(state_.cursors.gaps, task.created_to), {}};
  read_next_stretch();
}

void Head::read_next_stretch() {
  const Stretch& stretch = finished_->stretches.at(finished_->listings.size());
  BuildQuery finished = query();
  finished.finished_from = finished_->task.finished_from;
  finished.created_from = stretch.from;
  finished.created_to = stretch.to;
  finished_->listings.push_back(std::make_unique<Listing>(reader_, Urgency::due, finished));
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
  return created_->pages() > 0 || (open_ && open_->pages() > 0) ||
         (finished_ && finished_->listings.front()->pages() > 0);
}

bool Head::complete() const {
  return created_->walk().ended() && open_ && open_->walk().ended() && finished_ended() &&
         !finished_->task.next_cursor;
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

void Head::move_cursors() {
  Cursors& cursors = state_.cursors;
  if (finished_) {
    cursors = after_finished(std::move(cursors), finished_->task, finished_read(), server_date(),
                             settings_.overlap);
  }
  const Walk& created = created_->walk();
  const HeadRead head{created.newest_created(), created.read_down_to(), created.ended()};
  cursors = after_head(std::move(cursors), head, server_date(), look_back());
  state_.last_run = server_date();
  if (complete()) cursors.last_complete = server_date();
}

}  // namespace connector::pass
