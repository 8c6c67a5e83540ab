// The part of the state file's text that grows -> ledger and dead letters, every value checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/ledger/settle.hh"
#include "state/json_fields.hh"

namespace connector::state {

/// A full commit id: commits become parts of URLs, so nothing else may pass.
std::string commit_of(JsonValue value, std::string_view name);

/// The member "missing", if there is one.
std::optional<Missing> read_missing(JsonObject& object);
std::vector<DeadLetter> read_dead_letters(JsonArray array);
Ledger read_ledger(JsonArray array);

}  // namespace connector::state
