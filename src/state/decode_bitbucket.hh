// The part of the state file's text that holds what was learned of the Bitbucket server -> values, each
// checked.
#pragma once

#include "core/saved_state.hh"
#include "state/json_fields.hh"

namespace connector::state {

/// Reads what write_bitbucket (encode_bitbucket.hh) writes. A member that is absent was not known to the
/// version that wrote the state, and nothing is known then.
void read_bitbucket(JsonObject& object, SavedState& state);

}  // namespace connector::state
