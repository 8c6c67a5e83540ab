// The part of the state file's text that grows: the ledger with its outbox, and the dead letters.
#pragma once

#include <optional>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/ledger/settle.hh"
#include "core/text/json_text.hh"

namespace connector::state {

/// The member "missing" of an open build that was not to be found; nothing for others.
void write_missing(JsonWriter& json, const std::optional<Missing>& missing);
void write_dead_letters(JsonWriter& json, const std::vector<DeadLetter>& letters);
/// An entry a line, grouped by what the entries of a pipeline share.
void write_ledger(JsonWriter& json, const Ledger& ledger);

}  // namespace connector::state
