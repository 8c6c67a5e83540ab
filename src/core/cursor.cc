#include "core/cursor.hh"

#include <algorithm>

namespace connector {
namespace {

/// The cursor moves to `seen`, but never beyond the server's clock and never back.
void advance(std::optional<Timestamp>& cursor, const std::optional<Timestamp>& seen, Timestamp server_date) {
  if (!seen) return;
  const Timestamp target = std::min(*seen, server_date);
  if (!cursor || target > *cursor) cursor = target;
}

}  // namespace

std::optional<Timestamp> created_floor(const Cursors& cursors, std::chrono::milliseconds overlap) {
  if (!cursors.created) return std::nullopt;
  const Timestamp cursor = *cursors.created;
  const Timestamp idle =
      cursors.last_complete ? std::min(cursor, *cursors.last_complete - overlap) : cursor - overlap;
  return std::max(cursor - overlap, idle);
}

std::optional<Timestamp> finished_floor(const Cursors& cursors, std::chrono::milliseconds overlap) {
  if (!cursors.finished) return std::nullopt;
  return *cursors.finished - overlap;
}

Cursors after_finished(Cursors cursors, std::optional<Timestamp> newest_finished, Timestamp server_date,
                       std::chrono::milliseconds overlap) {
  const bool first = !cursors.finished.has_value();
  advance(cursors.finished, newest_finished, server_date);
  if (first) advance(cursors.finished, server_date - overlap, server_date);
  return cursors;
}

Cursors after_head(Cursors cursors, const HeadRead& head, Timestamp server_date, Timestamp first_floor) {
  const Timestamp known_before = cursors.created.value_or(first_floor);
  if (!head.ended && head.read_down_to) cursors.gaps.push_back(Gap{known_before, *head.read_down_to});
  cursors.gaps = merge_gaps(std::move(cursors.gaps));
  advance(cursors.created, head.newest_created, server_date);
  return cursors;
}

Cursors after_gap(Cursors cursors, std::optional<Timestamp> read_down_to, bool ended) {
  if (cursors.gaps.empty()) return cursors;
  if (ended) {
    cursors.gaps.erase(cursors.gaps.begin());
  } else if (read_down_to) {
    cursors.gaps.front().to = std::min(cursors.gaps.front().to, *read_down_to);
  }
  cursors.gaps = merge_gaps(std::move(cursors.gaps));
  return cursors;
}

std::vector<Gap> merge_gaps(std::vector<Gap> gaps) {
  std::erase_if(gaps, [](const Gap& gap) { return gap.from >= gap.to; });
  std::sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.to > b.to; });
  std::vector<Gap> merged;
  for (const Gap& gap : gaps) {
    if (!merged.empty() && gap.to >= merged.back().from) {
      merged.back().from = std::min(merged.back().from, gap.from);
    } else {
      merged.push_back(gap);
    }
  }
  return merged;
}

}  // namespace connector
