// How far the listings have been read, and what is still to be read below.
#pragma once

#include <optional>
#include <vector>

#include "core/listing/walk.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// A stretch of creation times not read yet: from <= created_at < to.
struct Gap {
  Timestamp from;
  Timestamp to;
  unsigned page = 1;  ///< its first ones are read already; they lie within the second before `to`
  bool operator==(const Gap&) const = default;
};

/// A finished listing that takes more than one pass to read.
struct FinishedWalk {
  Timestamp finished_from;  ///< as in the pass that began it
  Timestamp created_to;     ///< it has been read down to here
  Timestamp next_cursor;    ///< where the finished cursor moves when the walk reaches its end
  bool operator==(const FinishedWalk&) const = default;
};

struct Cursors {
  std::optional<Timestamp> created;   ///< newest created_at seen
  std::optional<Timestamp> finished;  ///< newest finished_at seen when the last whole walk began
  /// Buildkite's Date of the last pass that read the created listing at least down to the cursor before it.
  std::optional<Timestamp> last_complete;
  std::vector<Gap> gaps;                      ///< newest first, neither touching nor overlapping
  std::optional<FinishedWalk> finished_walk;  ///< to be gone on with
  bool operator==(const Cursors&) const = default;
};

/// From when on the created listing is read: max(cursor - overlap, min(cursor, last complete pass -
/// overlap)), so that an idle organization's last builds are not read again for ever. Nothing on the first
/// pass.
std::optional<Timestamp> created_floor(const Cursors& cursors, std::chrono::milliseconds overlap);

/// What a pass reads of the finished listing: builds that ended at or after `finished_from` and were created
/// before `created_to`. Newer ones are in the created listing.
struct FinishedTask {
  Timestamp finished_from;
  Timestamp created_to;
  std::optional<Timestamp> next_cursor;  ///< of a walk that an earlier pass began
};

/// Goes on with an unfinished walk, else begins one an overlap below the cursor; without a cursor, at
/// `look_back`.
FinishedTask finished_task(const Cursors& cursors, Timestamp created_floor, Timestamp look_back,
                           std::chrono::milliseconds overlap);

/// A stretch of creation times; without `from` it reaches back for ever.
struct Stretch {
  std::optional<Timestamp> from;
  Timestamp to;
  bool operator==(const Stretch&) const = default;
};

/// The stretches below `to` that lie in no gap, newest first. What is in a gap is read with the gap, later.
std::vector<Stretch> outside_gaps(const std::vector<Gap>& gaps, Timestamp to);

/// How reading a FinishedTask went.
struct FinishedRead {
  bool ended = false;
  Timestamp created_to{};                    ///< read down to here, if not ended
  std::optional<Timestamp> newest_finished;  ///< shown by any listing of the pass
  /// The created listing was cut above its floor: what lies between the two is in neither listing of this
  /// pass.
  bool head_cut = false;
};

/// The cursors after `task`. Only a walk that reached its end moves the finished cursor: to the newest
/// finished_at that any listing had shown when the walk began, never beyond the server's Date, never back.
/// The first cursor is also never further back than an overlap before Date: what ended before is in the
/// created listing or its gap, which are read later than that. A walk that did not reach its end is gone on
/// with by the next pass.
Cursors after_finished(Cursors cursors, const FinishedTask& task, const FinishedRead& read,
                       Timestamp server_date, std::chrono::milliseconds overlap);

/// How the head of the created listing went.
struct HeadRead {
  std::optional<Timestamp> newest_created;  ///< nothing when it showed no build
  std::optional<Timestamp> read_down_to;    ///< nothing when no page was read
  bool ended = false;                       ///< it reached its floor
  std::optional<Timestamp> oldest_created;  ///< of the builds that it showed
};

/// The cursors after the head was read at `server_date`. The created cursor moves to the newest time seen,
/// never beyond the server's Date, never back. What a cut left unread above the old cursor (on the first
/// pass: above `first_floor`) becomes a gap; a cut below the old cursor makes none, since that was read
/// before.
Cursors after_head(Cursors cursors, const HeadRead& head, Timestamp server_date, Timestamp first_floor);

/// The rest of a stretch after it was read down to `position` (nothing: not at all).
Gap rest_of(Gap stretch, const std::optional<Position>& position);

/// The cursors after the newest gap was read down to `position` (nothing: not at all), or to its end.
Cursors after_gap(Cursors cursors, const std::optional<Position>& position, bool ended);

/// Gaps sorted newest first, with touching and overlapping ones made one and empty ones dropped.
std::vector<Gap> merge_gaps(std::vector<Gap> gaps);

}  // namespace connector
