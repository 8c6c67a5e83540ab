#include "core/listing/walk.hh"

#include <algorithm>
#include <chrono>

namespace connector {
namespace {

Timestamp second_of(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

void raise(std::optional<Timestamp>& highest, const std::optional<Timestamp>& candidate) {
  if (candidate && (!highest || *candidate > *highest)) highest = candidate;
}

std::optional<Timestamp> oldest_of(std::span<const Build> page) {
  const auto oldest = std::min_element(
      page.begin(), page.end(), [](const Build& a, const Build& b) { return a.created_at < b.created_at; });
  return oldest == page.end() ? std::nullopt : std::optional(oldest->created_at);
}

}  // namespace

/// The builds of the page that no earlier one showed.
std::vector<const Build*> Walk::fresh_of(std::span<const Build> page) {
  std::vector<const Build*> fresh;
  for (const Build& build : page) {
    if (floor_ && build.created_at < *floor_) continue;
    if (boundary_ids_.contains(build.id)) continue;
    fresh.push_back(&build);
    raise(newest_created_, build.created_at);
    raise(newest_finished_, build.finished_at);
  }
  return fresh;
}

std::vector<const Build*> Walk::take(std::span<const Build> page, std::size_t records,
                                     bool server_says_more) {
  auto fresh = fresh_of(page);
  const auto oldest = oldest_of(page);
  if (oldest && (!oldest_created_ || *oldest < *oldest_created_)) oldest_created_ = oldest;
  const bool below_floor = floor_ && oldest && *oldest < *floor_;
  const bool full = records >= query_.per_page;
  const bool last_page = !full && !server_says_more;
  if (!last_page && records > 0 && page.empty()) {
    constexpr unsigned most_unreadable_pages = 3;
    stuck_ = ++unreadable_pages_ >= most_unreadable_pages;
    ++query_.page;
    return fresh;
  }
  unreadable_pages_ = 0;
  const bool nothing_new = fresh.empty() && (query_.page > 1 || !oldest);
  if (last_page || below_floor || nothing_new) {
    ended_ = true;
    read_down_to_ = floor_ ? floor_ : query_.created_from;
    return fresh;
  }
  const Timestamp edge = second_of(*oldest) + std::chrono::seconds{1};
  if (query_.created_to && edge >= *query_.created_to) {
    ++query_.page;  // a whole page within one second: only its number tells the next one
  } else {
    query_.created_to = edge;
    query_.page = 1;
    boundary_ids_.clear();
  }
  read_down_to_ = edge;
  for (const Build& build : page) {
    if (second_of(build.created_at) == second_of(*oldest)) boundary_ids_.insert(build.id);
  }
  return fresh;
}

}  // namespace connector
