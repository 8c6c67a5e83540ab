#include "pass/listing.hh"

#include <utility>
#include <variant>

#include "buildkite/builds_request.hh"

namespace connector::pass {

void Listing::start(std::function<bool()> after_page) {
  after_page_ = std::move(after_page);
  request_page();
}

void Listing::request_page() {
  reader_.engine.submit(buildkite::builds_request(reader_.organization, walk_.next()),
                        [this](http::Outcome outcome) {
                          auto answer = buildkite::read_builds(std::move(outcome));
                          if (auto* page = std::get_if<buildkite::BuildsPage>(&answer)) {
                            take(std::move(*page));
                          } else {
                            note_trouble(std::get<buildkite::NoPage>(answer));
                          }
                        });
}

void Listing::take(buildkite::BuildsPage page) {
  ++pages_;
  reader_.causes.worked(http::PeerId::buildkite);
  if (floor_) walk_.stop_below(floor_());
  for (const Build* build : walk_.take(page.builds, page.records(), page.server_says_more))
    reader_.intake.take(*build);
  reader_.counts.unreadable += page.unreadable.size();
  for (const auto& line : page.unreadable)
    reader_.log.info("a record of Buildkite's answer was left out: " + line);
  page = {};  // the next page is asked for without holding this one
  if (after_page_() && walk_.goes_on()) request_page();
}

void Listing::note_trouble(const buildkite::NoPage& none) {
  const bool cut_short = none.told_to_wait && (pages_ > 0 || urgency_ == Urgency::spare);
  if (none.cause == ExitStatus::protocol) {
    reader_.causes.not_the_api(http::PeerId::buildkite);
  } else if (!cut_short) {
    reader_.causes.add(none.cause);
  }
  if (std::exchange(reader_.last_trouble, none.text) == none.text) return;
  if (cut_short) {
    reader_.log.info(none.text);
  } else {
    reader_.log.error(none.text);
  }
}

}  // namespace connector::pass
