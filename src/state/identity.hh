// Whose a state is: the same members in the state file and in the lock, and the same words about them.
#pragma once

#include <string>

#include "core/saved_state.hh"
#include "core/text/json_text.hh"

namespace connector::state {

/// Writes the members of an identity into the object that is open; read_identity (json_fields.hh) reads them.
void write_identity(JsonWriter& json, const Identity& identity);

/// "organization 'acme-inc' at https://... with Bitbucket at https://...", made safe for a message.
std::string in_words(const Identity& identity);

}  // namespace connector::state
