// One listing of builds being read through the transfer engine, page after page.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "buildkite/builds_answer.hh"
#include "core/listing/walk.hh"
#include "http/engine.hh"
#include "pass/intake.hh"
#include "pass/outcome.hh"

namespace connector::pass {

/// What listings share: where requests go, where builds go, where trouble goes.
struct Reader {
  http::Engine& engine;
  Intake& intake;
  Counts& counts;
  Causes& causes;
  const report::Log& log;
  std::string organization;
  std::string last_trouble;  ///< so that three listings with one trouble print it once
};

/// Makes known what is wrong with an answer that is no page. Trouble that is no fault of anybody
/// (`can_wait`) fails no pass.
void note_trouble(Reader& reader, const buildkite::NoPage& none, bool can_wait);

/// Makes known that Buildkite answered, and which records of the page made no build.
void take_records(Reader& reader, const buildkite::BuildsPage& page);

class Listing {
 public:
  /// Due work that the deadline or a quota kept from beginning makes a pass fail; spare work can wait.
  enum class Urgency { due, spare };

  /// `reader` must outlive the listing, and the listing the engine's run().
  Listing(Reader& reader, Urgency urgency, Source source, BuildQuery query)
      : reader_(reader), urgency_(urgency), source_(source), walk_(std::move(query)) {}
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;
  ~Listing() = default;

  /// Submits the first page. After each page `after_page` is called; while it returns true and the listing
  /// has not ended, the next page follows. `after_trouble` is called when no page came; it is told whether
  /// that is no fault, because quota, deadline or a stop kept the request back.
  void start(std::function<bool()> after_page, std::function<void(bool)> after_trouble = {});
  /// Submits the next page of a listing that `after_page` has interrupted.
  void go_on() { request_page(); }

  /// Builds created before `floor` are not wanted. It is asked when a page has come, since the first answer
  /// of a first pass brings the time that it is reckoned from.
  void stop_below(std::function<Timestamp()> floor) { floor_ = std::move(floor); }

  [[nodiscard]] const Walk& walk() const noexcept { return walk_; }
  [[nodiscard]] unsigned pages() const noexcept { return pages_; }

 private:
  void request_page();
  void take(buildkite::BuildsPage page);
  Reader& reader_;
  Urgency urgency_;
  Source source_;
  Walk walk_;
  std::function<Timestamp()> floor_;
  std::function<bool()> after_page_;
  std::function<void(bool)> after_trouble_;
  unsigned pages_ = 0;
};

}  // namespace connector::pass
