// The two kinds of slices of the created listing: where each begins, and what becomes of the state when one
// was read.
#pragma once

#include "core/saved_state.hh"
#include "pass/slice_reading.hh"

namespace connector::pass {

/// The gaps, newest first. `state` must outlive what is returned.
SliceReading::Work gaps_of(SavedState& state, BuildQuery query);

/// The sweep that is running, a few pages a pass. It waits for gaps: they are read from the newest build
/// down, too, and what they hold is newer to us. `state` must outlive what is returned.
SliceReading::Work sweep_of(SavedState& state, BuildQuery query);

}  // namespace connector::pass
