#include "state/lock_record.hh"

#include "core/json_text.hh"
#include "state/json_fields.hh"

namespace connector::state {

std::string encode(const LockRecord& record) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.key("pid").value(record.pid);
  json.key("started").value(format_timestamp(record.started));
  json.key("organization").value(record.identity.organization);
  json.key("buildkite_url").value(record.identity.buildkite_url);
  json.key("bitbucket_url").value(record.identity.bitbucket_url);
  json.end_object();
  return text + "\n";
}

std::optional<LockRecord> decode_lock_record(std::string_view text) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  try {
    require(parser.iterate(padded).get(document), "the text");
    JsonObject object;
    require(document.get_object().get(object), "the text");
    LockRecord record;
    record.pid = read_count(object, "pid");
    record.started = read_time(object, "started");
    record.identity.organization = read_text(object, "organization");
    record.identity.buildkite_url = read_text(object, "buildkite_url");
    record.identity.bitbucket_url = read_text(object, "bitbucket_url");
    return record;
  } catch (const Unreadable&) {
    return std::nullopt;
  }
}

}  // namespace connector::state
