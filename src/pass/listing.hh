// One listing of builds being read through the transfer engine, page after page.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "buildkite/builds_answer.hh"
#include "core/walk.hh"
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

class Listing {
 public:
  /// Due work that the deadline or a quota kept from beginning makes a pass fail; spare work can wait.
  enum class Urgency { due, spare };

  /// `reader` must outlive the listing, and the listing the engine's run().
  Listing(Reader& reader, Urgency urgency, BuildQuery query)
      : reader_(reader), urgency_(urgency), walk_(query) {}
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;
  ~Listing() = default;

  /// Submits the first page. After each page `after_page` is called; while it returns true and the listing
  /// has not ended, the next page follows.
  void start(std::function<bool()> after_page);

  /// Builds created before `floor` are not wanted. It is asked when a page has come, since the first answer
  /// of a first pass brings the time that it is reckoned from.
  void stop_below(std::function<Timestamp()> floor) { floor_ = std::move(floor); }

  [[nodiscard]] const Walk& walk() const noexcept { return walk_; }
  [[nodiscard]] unsigned pages() const noexcept { return pages_; }

 private:
  void request_page();
  void take(buildkite::BuildsPage page);
  void note_trouble(const buildkite::NoPage& none);

  Reader& reader_;
  Urgency urgency_;
  Walk walk_;
  std::function<Timestamp()> floor_;
  std::function<bool()> after_page_;
  unsigned pages_ = 0;
};

}  // namespace connector::pass
