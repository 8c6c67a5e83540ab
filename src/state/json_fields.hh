// Reading members of a JSON object with simdjson On-Demand: a value of the right kind, or Unreadable with its
// name. Only for the decoders of this room: it costs them simdjson's compile time.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/saved_state.hh"
#include "core/text/json_check.hh"
#include "core/text/timestamp.hh"

namespace connector::state {

/// Leaves no decoder: each turns it into its own answer.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using JsonObject = simdjson::ondemand::object;
using JsonArray = simdjson::ondemand::array;
using JsonValue = simdjson::ondemand::value;

/// Throws Unreadable with this name unless the call that gave `error` succeeded, and std::bad_alloc where
/// only memory was missing: nothing is wrong with the text then.
inline void require(simdjson::error_code error, std::string_view name) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error != simdjson::SUCCESS)
    throw Unreadable("'" + std::string(name) + "' is missing or of the wrong kind");
}

std::string text_of(JsonValue value, std::string_view name);
std::uint64_t count_of(JsonValue value, std::string_view name);
Timestamp time_of(JsonValue value, std::string_view name);

/// A member that must be there.
JsonValue member(JsonObject& object, std::string_view name);
/// A member that is nothing when it is absent or null.
std::optional<JsonValue> optional_member(JsonObject& object, std::string_view name);

JsonObject object_of(JsonValue value, std::string_view name);
JsonArray array_of(JsonValue value, std::string_view name);
bool flag_of(JsonValue value, std::string_view name);

std::string read_text(JsonObject& object, std::string_view name);
std::uint64_t read_count(JsonObject& object, std::string_view name);
Timestamp read_time(JsonObject& object, std::string_view name);
std::optional<Timestamp> read_optional_time(JsonObject& object, std::string_view name);

/// The members that write_identity (identity.hh) writes.
Identity read_identity(JsonObject& object);

/// What `read` makes of a text that is one JSON object. Throws Unreadable, as `read` may.
template <typename Read>
auto read_document(std::string text, Read read) {
  if (!is_json(text)) require(simdjson::TAPE_ERROR, "the text");
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  require(parser.iterate(text.data(), text.size(), text.capacity()).get(document), "the text");
  JsonObject object;
  require(document.get_object().get(object), "the text");
  return read(object);
}

}  // namespace connector::state
