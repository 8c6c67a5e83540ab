#include "core/listing/cursor.hh"

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

FinishedTask finished_task(const Cursors& cursors, Timestamp created_floor, Timestamp look_back,
                           std::chrono::milliseconds overlap) {
  if (const auto& walk = cursors.finished_walk)
    return {walk->finished_from, walk->created_to, walk->next_cursor};
  return {cursors.finished ? *cursors.finished - overlap : look_back, created_floor, std::nullopt};
}

std::vector<Stretch> outside_gaps(const std::vector<Gap>& gaps, Timestamp to) {
  std::vector<Stretch> stretches;
  for (const Gap& gap : gaps) {
    if (gap.from >= to) continue;
    if (gap.to < to) stretches.push_back({gap.to, to});
    to = gap.from;
  }
  stretches.push_back({std::nullopt, to});
  return stretches;
}

Cursors after_finished(Cursors cursors, const FinishedTask& task, const FinishedRead& read,
                       Timestamp server_date, std::chrono::milliseconds overlap) {
  std::optional<Timestamp> target = task.next_cursor;
  if (!target) {
    target = cursors.finished ? cursors.finished : server_date - overlap;
    advance(target, read.newest_finished, server_date);
  }
  const bool begun_now = !task.next_cursor;
  if (read.head_cut && begun_now && cursors.created) {
    cursors.finished_walk = FinishedWalk{task.finished_from, *cursors.created, *target};
  } else if (!read.ended) {
    cursors.finished_walk = FinishedWalk{task.finished_from, read.created_to, *target};
  } else {
    cursors.finished_walk.reset();
    advance(cursors.finished, target, server_date);
  }
  return cursors;
}

Cursors after_head(Cursors cursors, const HeadRead& head, Timestamp server_date, Timestamp first_floor) {
  const Timestamp known_before = cursors.created.value_or(first_floor);
  if (head.ended || (head.oldest_created && *head.oldest_created < known_before)) {
    cursors.last_complete = server_date;
  } else if (head.read_down_to) {
    cursors.gaps.push_back(Gap{known_before, *head.read_down_to});
  }
  cursors.gaps = merge_gaps(std::move(cursors.gaps));
  advance(cursors.created, head.newest_created, server_date);
  return cursors;
}

Gap rest_of(Gap stretch, const std::optional<Position>& position) {
  if (!position || position->created_to > stretch.to) return stretch;
  return {stretch.from, position->created_to, position->page};
}

Cursors after_gap(Cursors cursors, const std::optional<Position>& position, bool ended) {
  if (cursors.gaps.empty()) return cursors;
  if (ended) {
    cursors.gaps.erase(cursors.gaps.begin());
  } else {
    cursors.gaps.front() = rest_of(cursors.gaps.front(), position);
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
      if (gap.to == merged.back().to) merged.back().page = std::max(merged.back().page, gap.page);
      merged.back().from = std::min(merged.back().from, gap.from);
    } else {
      merged.push_back(gap);
    }
  }
  return merged;
}

}  // namespace connector
