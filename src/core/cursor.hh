// How far the listings have been read, and what is still to be read below.
#pragma once

#include <optional>
#include <vector>

#include "core/timestamp.hh"
#include "core/walk.hh"

namespace connector {

/// A stretch of creation times not read yet: from <= created_at < to.
struct Gap {
  Timestamp from;
  Timestamp to;
  bool operator==(const Gap&) const = default;
};

struct Cursors {
  std::optional<Timestamp> created;  ///< newest created_at seen
  std::optional<Timestamp>
      finished;  ///< newest finished_at seen in a pass whose finished listing reached its end
  std::optional<Timestamp>
      last_complete;      ///< Buildkite's Date of the last pass that read all listings to the end
  std::vector<Gap> gaps;  ///< newest first, neither touching nor overlapping
  bool operator==(const Cursors&) const = default;
};

/// From when on the created listing is read: max(cursor - overlap, min(cursor, last complete pass -
/// overlap)), so that an idle organization's last builds are not read again for ever. Nothing on the first
/// pass.
std::optional<Timestamp> created_floor(const Cursors& cursors, std::chrono::milliseconds overlap);

/// From when on the finished listing is read; nothing on the first pass.
std::optional<Timestamp> finished_floor(const Cursors& cursors, std::chrono::milliseconds overlap);

/// The cursors after a finished listing was read to its end. The cursor moves to the newest finished_at that
/// any listing of the pass showed, never beyond the server's Date, never back. The first one is also never
/// further back than an overlap before Date: what ended before is in the created listing or its gap, which
/// are read later than that.
Cursors after_finished(Cursors cursors, std::optional<Timestamp> newest_finished, Timestamp server_date,
                       std::chrono::milliseconds overlap);

/// How the head of the created listing went.
struct HeadRead {
  std::optional<Timestamp> newest_created;  ///< nothing when it showed no build
  std::optional<Timestamp> read_down_to;    ///< nothing when no page was read
  bool ended = false;                       ///< it reached its floor
};

/// The cursors after the head was read at `server_date`. The created cursor moves to the newest time seen,
/// never beyond the server's Date, never back. What a cut left unread above the old cursor (on the first
/// pass: above `first_floor`) becomes a gap; a cut below the old cursor makes none.
Cursors after_head(Cursors cursors, const HeadRead& head, Timestamp server_date, Timestamp first_floor);

/// The cursors after the newest gap was read down to `read_down_to` (nothing: not at all), or to its end.
Cursors after_gap(Cursors cursors, std::optional<Timestamp> read_down_to, bool ended);

/// Gaps sorted newest first, with touching and overlapping ones made one and empty ones dropped.
std::vector<Gap> merge_gaps(std::vector<Gap> gaps);

}  // namespace connector
