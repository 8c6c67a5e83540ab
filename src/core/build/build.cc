#include "core/build/build.hh"

#include <algorithm>
#include <array>
#include <utility>

namespace connector {
namespace {

constexpr std::array<std::pair<BuildState, std::string_view>, 13> words = {{
    {BuildState::creating, "creating"},
    {BuildState::scheduled, "scheduled"},
    {BuildState::waiting, "waiting"},
    {BuildState::running, "running"},
    {BuildState::failing, "failing"},
    {BuildState::canceling, "canceling"},
    {BuildState::passed, "passed"},
    {BuildState::failed, "failed"},
    {BuildState::waiting_failed, "waiting_failed"},
    {BuildState::blocked, "blocked"},
    {BuildState::canceled, "canceled"},
    {BuildState::skipped, "skipped"},
    {BuildState::not_run, "not_run"},
}};

}  // namespace

BuildState parse_build_state(std::string_view word) {
  const auto* const found =
      std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.second == word; });
  return found == words.end() ? BuildState::other : found->first;
}

std::string_view word_of(BuildState state) {
  const auto* const found =
      std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.first == state; });
  return found == words.end() ? "other" : found->second;
}

bool is_open(BuildState state) {
  switch (state) {
    case BuildState::creating:
    case BuildState::scheduled:
    case BuildState::waiting:
    case BuildState::running:
    case BuildState::failing:
    case BuildState::canceling:
      return true;
    case BuildState::passed:
    case BuildState::failed:
    case BuildState::waiting_failed:
    case BuildState::blocked:
    case BuildState::canceled:
    case BuildState::skipped:
    case BuildState::not_run:
    case BuildState::other:
      return false;
  }
  return false;
}

bool never_ran(BuildState state) {
  return state == BuildState::skipped || state == BuildState::not_run;
}

bool is_full_commit(std::string_view commit) {
  const auto hexadecimal = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return (commit.size() == 40 || commit.size() == 64) &&
         std::all_of(commit.begin(), commit.end(), hexadecimal);
}

}  // namespace connector
