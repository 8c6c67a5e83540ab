#include "config/nearest.hh"

#include <algorithm>
#include <vector>

namespace connector::config {
namespace {

constexpr std::size_t longest_word = 100;  // bounds the work on absurd input; no name of ours is longer
constexpr std::size_t shortest_beginning = 3;

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  // Rows of the classic table: the one being filled and the two before it.
  std::vector<std::size_t> before(other.size() + 1);
  std::vector<std::size_t> above(other.size() + 1);
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[other.size()];
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > longest_word) return std::nullopt;
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    const bool longer = word.size() >= shortest_beginning && candidate.starts_with(word);
    if (longer && (!best || candidate.size() < best->size())) best = candidate;
  }
  if (best) return best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? "; did you mean '" + *near + "'?" : std::string();
}

}  // namespace connector::config
