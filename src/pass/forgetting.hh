// What a pass drops from the state at its end.
#pragma once

#include <chrono>

#include "core/saved_state.hh"
#include "core/text/timestamp.hh"

namespace connector::pass {

/// Drops what has grown old by `now`, Buildkite's clock: notes of warnings, dead letters, and the entries of
/// the ledger that no listing can show again. It keeps the others: else an older build could pass for the
/// newest.
void forget_what_is_settled(SavedState& state, Timestamp now, std::chrono::milliseconds overlap);

}  // namespace connector::pass
