#include "state/json_fields.hh"

namespace connector::state {

JsonValue member(JsonObject& object, std::string_view name) {
  JsonValue value;
  require(object[name].get(value), name);
  return value;
}

std::optional<JsonValue> optional_member(JsonObject& object, std::string_view name) {
  JsonValue value;
  const simdjson::error_code error = object[name].get(value);
  if (error == simdjson::NO_SUCH_FIELD) return std::nullopt;
  require(error, name);
  bool is_null = false;
  require(simdjson::simdjson_result<bool>(value.is_null()).get(is_null),
          name);  // a plain bool in old versions
  if (is_null) return std::nullopt;
  return value;
}

std::string text_of(JsonValue value, std::string_view name) {
  std::string_view text;
  require(value.get_string().get(text), name);
  return std::string(text);
}

std::uint64_t count_of(JsonValue value, std::string_view name) {
  std::uint64_t number = 0;
  require(value.get_uint64().get(number), name);
  return number;
}

Timestamp time_of(JsonValue value, std::string_view name) {
  const auto time = parse_timestamp(text_of(value, name));
  if (!time) throw Unreadable("'" + std::string(name) + "' is not a time");
  return *time;
}

JsonObject object_of(JsonValue value, std::string_view name) {
  JsonObject object;
  require(value.get_object().get(object), name);
  return object;
}

JsonArray array_of(JsonValue value, std::string_view name) {
  JsonArray array;
  require(value.get_array().get(array), name);
  return array;
}

bool flag_of(JsonValue value, std::string_view name) {
  bool flag = false;
  require(value.get_bool().get(flag), name);
  return flag;
}

std::string read_text(JsonObject& object, std::string_view name) {
  return text_of(member(object, name), name);
}

std::uint64_t read_count(JsonObject& object, std::string_view name) {
  return count_of(member(object, name), name);
}

Timestamp read_time(JsonObject& object, std::string_view name) {
  return time_of(member(object, name), name);
}

std::optional<Timestamp> read_optional_time(JsonObject& object, std::string_view name) {
  const auto value = optional_member(object, name);
  if (!value) return std::nullopt;
  return time_of(*value, name);
}

Identity read_identity(JsonObject& object) {
  Identity identity;
  identity.organization = read_text(object, "organization");
  identity.buildkite_url = read_text(object, "buildkite_url");
  identity.bitbucket_url = read_text(object, "bitbucket_url");
  if (const auto shard = optional_member(object, "shard")) {
    const auto parsed = parse_shard(text_of(*shard, "shard"));
    if (!parsed) throw Unreadable("'shard' is none");
    identity.shard = *parsed;
  }
  return identity;
}

}  // namespace connector::state
