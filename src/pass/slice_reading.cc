#include "pass/slice_reading.hh"

namespace connector::pass {

bool SliceReading::begin_round() {
  if (pages_at_round_ == pages_) return false;
  pages_at_round_ = pages_;
  if (!may_go_on()) return false;
  if (listings_.empty() || listings_.back()->walk().ended()) return read_next();
  if (!listings_.back()->walk().goes_on()) return false;
  listings_.back()->go_on();
  return true;
}

bool SliceReading::may_go_on() const {
  if (work_.pages_a_pass > 0 && pages_ >= work_.pages_a_pass) return false;
  return reader_.engine.accepting() &&
         (pages_ == 0 || allows_spare_work(reader_.engine.quota(http::PeerId::buildkite)));
}

bool SliceReading::read_next() {
  const auto stretch = work_.next();
  if (!stretch) return false;
  BuildQuery query = work_.query;
  query.created_from = stretch->from;
  query.created_to = stretch->to;
  query.page = stretch->page;
  listings_.push_back(std::make_unique<Listing>(reader_, Listing::Urgency::spare, work_.source, query));
  listings_.back()->start([this] { return take_page(); });
  return true;
}

bool SliceReading::take_page() {
  ++pages_;
  const Walk& walk = listings_.back()->walk();
  work_.advance(walk.position(), walk.ended());
  if (!may_go_on() || pages_ - *pages_at_round_ >= work_.pages_a_round) return false;
  if (walk.ended()) read_next();
  return true;
}

}  // namespace connector::pass
