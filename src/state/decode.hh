// Text of the state file -> state, every value checked.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/saved_state.hh"

namespace connector::state {

/// Not what a version of this program wrote: a bad checksum, or contents that cannot be.
struct Damaged {
  std::string reason;
};

/// Intact, but of a format that this version does not know.
struct NewerFormat {
  std::uint64_t format = 0;
};

using Decoded = std::variant<SavedState, Damaged, NewerFormat>;

/// Never throws for contents; unknown members of the known format are passed over. What is moved in is not
/// copied when its capacity has room for simdjson's padding.
Decoded decode(std::string text);

}  // namespace connector::state
