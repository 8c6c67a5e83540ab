// State -> text of the state file, format 2. See state/README.md for the layout.
#pragma once

#include <cstdint>
#include <string>

#include "core/saved_state.hh"

namespace connector::state {

/// Raised whenever an older version could no longer read what this one writes.
constexpr std::uint64_t format_version = 2;

/// The whole file. The same state gives the same bytes; each ledger entry has a line of its own, below one
/// line for what the entries of a pipeline share, so that 50,000 entries stay small and a person can read a
/// diff.
std::string encode(const SavedState& state);

}  // namespace connector::state
