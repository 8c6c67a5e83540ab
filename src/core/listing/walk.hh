// Reading a listing page by page by key set: each page is asked for by the age of the oldest build of the one
// before, so that nothing is skipped while builds enter and leave the listing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/build/build.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// One request for builds (Buildkite REST: list builds of an organization). Listings come newest created
/// first; created_from and finished_from are inclusive, created_to is exclusive.
struct BuildQuery {
  std::optional<Timestamp> created_from;
  std::optional<Timestamp> created_to;
  std::optional<Timestamp> finished_from;
  std::vector<std::string> commits;   ///< full ids; none = any
  std::vector<std::string> branches;  ///< names; none = all
  bool jobs = false;                  ///< with their jobs, which are most of the bytes
  bool open_only = false;             ///< state[] = creating, scheduled, running, failing, canceling
  unsigned page = 1;
  unsigned per_page = 100;  ///< Buildkite's maximum
  bool operator==(const BuildQuery&) const = default;
};

/// Where reading a listing is gone on with.
struct Position {
  Timestamp created_to;
  unsigned page = 1;  ///< more where the second before `created_to` holds more builds than a page
  bool operator==(const Position&) const = default;
};

/// A listing while it is being read. Ask for next(), hand its answer to take(), until ended().
class Walk {
 public:
  /// Begins at the newest build that matches `query`.
  explicit Walk(BuildQuery query) : query_(std::move(query)) {}

  /// Everything the listing had to show has been shown.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// There is more, and next() asks for it.
  [[nodiscard]] bool goes_on() const noexcept { return !ended_ && !stuck_; }
  [[nodiscard]] const BuildQuery& next() const noexcept { return query_; }

  /// Takes the answer to next(): its builds, and how many records it had, the unreadable ones included. A
  /// page that is not full ends the walk unless the server's Link header says that there is more; a full one
  /// is followed by created_to = the oldest second seen plus one, or, where a whole page lies within one
  /// second or nothing of it can be read, by its next page number. After a few pages of unreadable records
  /// alone the walk goes on no more. Returns the builds that an earlier page did not show.
  std::vector<const Build*> take(std::span<const Build> page, std::size_t records, bool server_says_more);

  /// Ends the walk early at a build older than `floor`: what is older is not wanted.
  void stop_below(Timestamp floor) noexcept { floor_ = floor; }

  /// All builds created at or after this time and before the start of the walk have been shown; nothing
  /// before the first page. After the end of the walk it is the lower bound of the listing where that is
  /// known.
  [[nodiscard]] std::optional<Timestamp> read_down_to() const noexcept { return read_down_to_; }
  /// Where a later pass can go on; nothing where that is the beginning of a listing without created_to.
  [[nodiscard]] std::optional<Position> position() const noexcept {
    if (!query_.created_to) return std::nullopt;
    return Position{*query_.created_to, query_.page};
  }
  [[nodiscard]] std::optional<Timestamp> newest_created() const noexcept { return newest_created_; }
  [[nodiscard]] std::optional<Timestamp> oldest_created() const noexcept { return oldest_created_; }
  [[nodiscard]] std::optional<Timestamp> newest_finished() const noexcept { return newest_finished_; }

 private:
  std::vector<const Build*> fresh_of(std::span<const Build> page);

  BuildQuery query_;
  std::optional<Timestamp> floor_;
  bool ended_ = false;
  bool stuck_ = false;
  unsigned unreadable_pages_ = 0;  // in a row
  std::optional<Timestamp> read_down_to_;
  std::optional<Timestamp> newest_created_;
  std::optional<Timestamp> oldest_created_;
  std::optional<Timestamp> newest_finished_;
  std::unordered_set<std::string>
      boundary_ids_;  // builds of the oldest second seen, which the next page shows again
};

}  // namespace connector
