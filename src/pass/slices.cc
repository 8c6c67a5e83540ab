#include "pass/slices.hh"

#include <utility>

namespace connector::pass {

SliceReading::Work gaps_of(SavedState& state, BuildQuery query) {
  SliceReading::Work work;
  work.source = Source::gap;
  work.query = std::move(query);
  work.next = [&state]() -> std::optional<Gap> {
    if (state.cursors.gaps.empty()) return std::nullopt;
    return state.cursors.gaps.front();
  };
  work.advance = [&state](const std::optional<Position>& position, bool ended) {
    state.cursors = after_gap(std::move(state.cursors), position, ended);
  };
  return work;
}

SliceReading::Work sweep_of(SavedState& state, BuildQuery query) {
  constexpr unsigned pages_a_slice = 3;
  SliceReading::Work work;
  work.source = Source::sweep;
  work.query = std::move(query);
  work.pages_a_pass = pages_a_slice;
  work.next = [&state]() -> std::optional<Gap> {
    return state.cursors.gaps.empty() ? state.sweeps.running : std::nullopt;
  };
  work.advance = [&state](const std::optional<Position>& position, bool ended) {
    state.sweeps = after_slice(state.sweeps, position, ended);
  };
  return work;
}

}  // namespace connector::pass
