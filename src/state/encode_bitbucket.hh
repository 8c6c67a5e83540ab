// The part of the state file's text that holds what was learned of the Bitbucket server.
#pragma once

#include "core/saved_state.hh"
#include "core/text/json_text.hh"

namespace connector::state {

/// The members "capabilities", "login_refusal", "parked", "hosts" and "renamed".
void write_bitbucket(JsonWriter& json, const SavedState& state);

}  // namespace connector::state
