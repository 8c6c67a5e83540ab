#include "pass/forgetting.hh"

#include <algorithm>

namespace connector::pass {
namespace {

/// How long it is remembered that a standing warning was printed.
constexpr std::chrono::hours warning_memory{24 * 7};

/// How long a dead letter stays in the state for people to find.
constexpr std::chrono::hours dead_letter_memory{24 * 30};

}  // namespace

void forget_what_is_settled(SavedState& state, Timestamp now, std::chrono::milliseconds overlap) {
  std::erase_if(state.warned, [&](const auto& row) { return now - row.second > warning_memory; });
  std::erase_if(state.dead_letters,
                [&](const DeadLetter& letter) { return now - letter.since > dead_letter_memory; });
  if (!state.cursors.gaps.empty() || !state.cursors.created) return;
  const Timestamp horizon =
      ledger_horizon(state.sweeps, std::min(now, *state.cursors.created), overlap, state.ledger.size());
  state.ledger.forget_before(horizon);
  state.remembered_from = std::max(state.remembered_from.value_or(horizon), horizon);
}

}  // namespace connector::pass
