#include "state/lock_record.hh"

#include <algorithm>

#include "core/text/json_text.hh"
#include "state/identity.hh"
#include "state/json_fields.hh"

namespace connector::state {

std::string encode(const LockRecord& record) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.key("pid").value(record.pid);
  json.key("started").value(format_timestamp(record.started));
  write_identity(json, record.identity);
  if (record.stuck_after) json.key("stuck_after_ms").value(std::int64_t{record.stuck_after->count()});
  json.end_object();
  return text + "\n";
}

std::optional<LockRecord> decode_lock_record(std::string_view text) {
  try {
    return read_document(std::string(text), [](JsonObject& object) {
      LockRecord record;
      record.pid = read_count(object, "pid");
      record.started = read_time(object, "started");
      record.identity = read_identity(object);
      if (const auto stuck_after = optional_member(object, "stuck_after_ms")) {
        constexpr std::uint64_t longest = 1ULL << 40U;
        record.stuck_after =
            std::chrono::milliseconds(std::min(count_of(*stuck_after, "stuck_after_ms"), longest));
      }
      return record;
    });
  } catch (const Unreadable&) {
    return std::nullopt;
  }
}

}  // namespace connector::state
