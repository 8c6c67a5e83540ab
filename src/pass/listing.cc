#include "pass/listing.hh"

#include <utility>
#include <variant>

#include "buildkite/builds_request.hh"

namespace connector::pass {

void Listing::start(std::function<bool()> after_page, std::function<void(bool)> after_trouble) {
  after_page_ = std::move(after_page);
  after_trouble_ = std::move(after_trouble);
  request_page();
}

void Listing::request_page() {
  reader_.engine.submit(
      buildkite::builds_request(reader_.organization, walk_.next()), [this](http::Outcome outcome) {
        auto answer = buildkite::read_builds(std::move(outcome));
        if (auto* page = std::get_if<buildkite::BuildsPage>(&answer)) {
          take(std::move(*page));
        } else {
          const auto& none = std::get<buildkite::NoPage>(answer);
          const bool cut_short = none.told_to_wait && (pages_ > 0 || urgency_ == Urgency::spare);
          note_trouble(reader_, none, cut_short);
          if (after_trouble_) after_trouble_(none.told_to_wait);
        }
      });
}

void Listing::take(buildkite::BuildsPage page) {
  ++pages_;
  if (floor_) walk_.stop_below(floor_());
  for (const Build* build : walk_.take(page.builds, page.records(), page.server_says_more))
    reader_.intake.take(*build, source_);
  take_records(reader_, page);
  page = {};  // the next page is asked for without holding this one
  if (after_page_() && walk_.goes_on()) request_page();
}

void take_records(Reader& reader, const buildkite::BuildsPage& page) {
  reader.causes.worked(http::PeerId::buildkite);
  reader.counts.unreadable += page.unreadable.size();
  for (const auto& line : page.unreadable)
    reader.log.info("a record of Buildkite's answer was left out: " + line);
}

void note_trouble(Reader& reader, const buildkite::NoPage& none, bool can_wait) {
  if (none.cause == ExitStatus::protocol) {
    reader.causes.not_the_api(http::PeerId::buildkite);
  } else if (!can_wait) {
    reader.causes.add(none.cause);
  }
  if (std::exchange(reader.last_trouble, none.text) == none.text) return;
  if (can_wait) {
    reader.log.info(none.text);
  } else {
    reader.log.error(none.text);
  }
}

}  // namespace connector::pass
