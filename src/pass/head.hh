// The head of a pass: the three listings that show what changed, and where the cursors stand after them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/listing/cursor.hh"
#include "core/saved_state.hh"
#include "pass/listing.hh"
#include "pass/settings.hh"

namespace connector::pass {

/// Created builds, newest first, down to the cursor less the overlap; beside them, of the builds older than
/// that, those that are open and those that ended since.
class Head {
 public:
  /// All must outlive the head, and the head the engine's run().
  Head(Reader& reader, const Settings& settings, SavedState& state)
      : reader_(reader), settings_(settings), state_(state) {}
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;
  ~Head() = default;

  /// Submits the first pages; the engine's run() reads the listings. The first pass knows no time to begin
  /// with: its first answer brings the server's Date, and all but its first page is left to the gap.
  void start();

  /// Moves the cursors by what was read.
  void move_cursors();

  /// Whether any page came.
  [[nodiscard]] bool talked() const;
  /// Whether all three listings were read from the newest build to their ends.
  [[nodiscard]] bool complete() const;
  /// Buildkite's clock; where no answer had a Date, the newest time known.
  [[nodiscard]] Timestamp server_date() const;

 private:
  /// The part of the finished listing that lies outside of gaps, stretch by stretch.
  struct Finished {
    FinishedTask task;
    std::vector<Stretch> stretches;                  // newest first
    std::vector<std::unique_ptr<Listing>> listings;  // of the stretches begun so far
  };

  void read_open(Timestamp created_before);
  void start_older_listings(Timestamp created_before);
  void read_next_stretch();
  [[nodiscard]] FinishedRead finished_read() const;
  [[nodiscard]] bool finished_ended() const;
  [[nodiscard]] bool may_go_on() const;
  [[nodiscard]] bool may_go_below_the_cursor();
  [[nodiscard]] Timestamp look_back() const { return server_date() - settings_.initial_search_time; }

  Reader& reader_;
  const Settings& settings_;
  SavedState& state_;
  std::unique_ptr<Listing> created_;
  std::unique_ptr<Listing> open_;
  std::optional<Finished> finished_;
  bool first_pass_ = false;
  unsigned pages_below_the_cursor_ = 0;
  bool rereads_ = false;          // builds may have to be read again beside the listings
  bool open_from_newest_ = true;  // else it goes on where an earlier pass stopped
};

}  // namespace connector::pass
