#include "state/decode.hh"

#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "core/build.hh"
#include "core/hex.hh"
#include "state/checksum.hh"
#include "state/encode.hh"
#include "state/json_fields.hh"

namespace connector::state {
namespace {

BitbucketState bitbucket_state_of(JsonValue value, std::string_view name) {
  const auto state = parse_bitbucket_state(text_of(value, name));
  if (!state) throw Unreadable("'" + std::string(name) + "' is not a state of Bitbucket");
  return *state;
}

// Commits become parts of URLs, so nothing but a commit may pass.
std::string read_commit(JsonObject& object, std::string_view name) {
  std::string commit = read_text(object, name);
  if (!is_full_commit(commit)) throw Unreadable("'" + std::string(name) + "' is not a full commit id");
  return commit;
}

std::vector<Gap> read_gaps(JsonArray array) {
  std::vector<Gap> gaps;
  for (auto element : array) {
    JsonObject object;
    require(element.get_object().get(object), "gaps");
    const Timestamp from = read_time(object, "from");
    const Timestamp to = read_time(object, "to");
    const bool newest_first = gaps.empty() || to < gaps.back().from;
    if (from >= to || !newest_first) throw Unreadable("'gaps' are out of order");
    gaps.push_back({from, to});
  }
  return gaps;
}

Cursors read_cursors(JsonObject object) {
  Cursors cursors;
  cursors.created = read_optional_time(object, "created");
  cursors.finished = read_optional_time(object, "finished");
  return cursors;
}

FinishedWalk read_finished_walk(JsonObject object) {
  return {read_time(object, "finished_from"), read_time(object, "created_to"),
          read_time(object, "next_cursor")};
}

Capabilities read_capabilities(JsonObject object) {
  Capabilities capabilities;
  capabilities.repository_builds = flag_of(member(object, "repository_builds"), "repository_builds");
  capabilities.cancelled_state = flag_of(member(object, "cancelled_state"), "cancelled_state");
  capabilities.learned = read_time(object, "learned");
  return capabilities;
}

std::map<std::string, Timestamp> read_warned(JsonObject object) {
  std::map<std::string, Timestamp> warned;
  for (auto field : object) {
    std::string_view warning;
    require(field.unescaped_key().get(warning), "warned");
    std::string name(warning);
    JsonValue value;
    require(field.value().get(value), "warned");
    warned.emplace(std::move(name), time_of(value, "warned"));
  }
  return warned;
}

std::vector<DeadLetter> read_dead_letters(JsonArray array) {
  std::vector<DeadLetter> letters;
  for (auto element : array) {
    JsonObject object;
    require(element.get_object().get(object), "dead_letters");
    DeadLetter& letter = letters.emplace_back();
    letter.key.repository.project = read_text(object, "project");
    letter.key.repository.slug = read_text(object, "repository");
    letter.key.commit = read_commit(object, "commit");
    letter.key.key = read_text(object, "key");
    letter.pipeline = read_text(object, "pipeline");
    letter.build_number = read_count(object, "build");
    letter.since = read_time(object, "since");
    letter.reason = read_text(object, "reason");
  }
  return letters;
}

Told read_told(JsonArray array) {
  Told told;
  std::size_t place = 0;
  for (auto element : array) {
    JsonValue value;
    require(element.get(value), "told");
    if (place == 0) told.state = bitbucket_state_of(value, "told");
    if (place == 1) told.build_number = count_of(value, "told");
    if (place == 2) {
      const auto digest = parse_hex64(text_of(value, "told"));
      if (!digest) throw Unreadable("'told' has no digest of 16 hexadecimal digits");
      told.url_digest = *digest;
    }
    ++place;
  }
  if (place != 3) throw Unreadable("'told' has not three values");
  return told;
}

/// How often something happened; absent means never.
unsigned read_optional_tally(JsonObject& object, std::string_view name) {
  const auto value = optional_member(object, name);
  if (!value) return 0;
  const std::uint64_t count = count_of(*value, name);
  if (count > std::numeric_limits<unsigned>::max()) {
    throw Unreadable("'" + std::string(name) + "' is out of range");
  }
  return static_cast<unsigned>(count);
}

Outgoing read_outgoing(JsonObject object) {
  Outgoing outgoing;
  BuildStatus& status = outgoing.status;
  status.state = bitbucket_state_of(member(object, "state"), "state");
  status.build_number = read_count(object, "build");
  status.url = read_text(object, "url");
  status.name = read_text(object, "name");
  status.description = read_text(object, "description");
  status.parent = read_text(object, "parent");
  status.ref = read_text(object, "ref");
  if (auto duration = optional_member(object, "duration_ms")) {
    std::int64_t milliseconds = 0;
    require(duration->get_int64().get(milliseconds), "duration_ms");
    status.duration_ms = milliseconds;
  }
  outgoing.failures = read_optional_tally(object, "failures");
  outgoing.refusals = read_optional_tally(object, "refusals");
  outgoing.first_refused = read_optional_time(object, "first_refused");
  outgoing.not_before = read_optional_time(object, "not_before");
  return outgoing;
}

LedgerEntry read_entry(JsonObject object, const LedgerEntry& group) {
  LedgerEntry entry = group;
  entry.key.commit = read_commit(object, "c");
  entry.build_number = read_count(object, "n");
  entry.build_created_at = read_time(object, "at");
  if (const auto open = optional_member(object, "open")) entry.build_open = flag_of(*open, "open");
  if (const auto told = optional_member(object, "told")) entry.told = read_told(array_of(*told, "told"));
  if (const auto in_doubt = optional_member(object, "in_doubt")) {
    entry.in_doubt = read_told(array_of(*in_doubt, "in_doubt"));
  }
  if (const auto given_up = optional_member(object, "given_up")) {
    entry.given_up = read_told(array_of(*given_up, "given_up"));
  }
  if (const auto out = optional_member(object, "out")) entry.outgoing = read_outgoing(object_of(*out, "out"));
  return entry;
}

void read_group(JsonObject object, Ledger& ledger) {
  LedgerEntry group;
  group.key.repository.project = read_text(object, "project");
  group.key.repository.slug = read_text(object, "repository");
  group.pipeline = read_text(object, "pipeline");
  group.key.key = read_text(object, "key");
  for (auto element : array_of(member(object, "entries"), "entries")) {
    JsonObject entry_object;
    require(element.get_object().get(entry_object), "entries");
    LedgerEntry entry = read_entry(entry_object, group);
    if (ledger.find(entry.key) != nullptr) throw Unreadable("the ledger holds an entry twice");
    ledger.add(std::move(entry));
  }
}

Ledger read_ledger(JsonArray array) {
  Ledger ledger;
  for (auto element : array) {
    JsonObject object;
    require(element.get_object().get(object), "ledger");
    read_group(object, ledger);
  }
  return ledger;
}

// A cursor from before Buildkite existed would have all builds read again; one far beyond the last pass would
// hide those in between. Buildkite's clocks may differ a little.
void require_possible(const Cursors& cursors, const std::optional<Timestamp>& last_run) {
  constexpr Timestamp earliest = std::chrono::sys_days{std::chrono::year{2013} / 1 / 1};
  constexpr std::chrono::hours leeway{24};
  for (const auto& cursor : {cursors.created, cursors.finished}) {
    const bool too_late = cursor && last_run && *cursor - *last_run > leeway;
    if (too_late || (cursor && *cursor < earliest)) throw Unreadable("'cursors' are at an impossible time");
  }
}

SavedState read_state(JsonObject& object) {
  SavedState state;
  state.generation = read_count(object, "generation");
  JsonObject identity = object_of(member(object, "identity"), "identity");
  state.identity = read_identity(identity);
  JsonObject last_run = object_of(member(object, "last_run"), "last_run");
  state.last_run = read_optional_time(last_run, "at");
  const auto last_complete = read_optional_time(last_run, "complete");
  state.failing_since = read_optional_time(object, "failing_since");
  state.cursors = read_cursors(object_of(member(object, "cursors"), "cursors"));
  state.cursors.last_complete = last_complete;
  require_possible(state.cursors, state.last_run);
  if (const auto walk = optional_member(object, "finished_walk")) {
    state.cursors.finished_walk = read_finished_walk(object_of(*walk, "finished_walk"));
  }
  state.cursors.gaps = read_gaps(array_of(member(object, "gaps"), "gaps"));
  if (const auto capabilities = optional_member(object, "capabilities")) {
    state.capabilities = read_capabilities(object_of(*capabilities, "capabilities"));
  }
  state.warned = read_warned(object_of(member(object, "warned"), "warned"));
  state.dead_letters = read_dead_letters(array_of(member(object, "dead_letters"), "dead_letters"));
  state.ledger = read_ledger(array_of(member(object, "ledger"), "ledger"));
  return state;
}

bool checksum_holds(std::string_view text) {
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return false;
  return text.substr(0, line_end + 1) == checksum_line(text.substr(line_end + 1));
}

}  // namespace

Decoded decode(std::string_view text) {
  if (text.empty()) return Damaged{"it is empty"};
  if (!checksum_holds(text)) return Damaged{"its checksum is wrong"};
  try {
    return read_document(text, [](JsonObject& object) -> Decoded {
      const std::uint64_t format = read_count(object, "format");
      if (format > format_version) return NewerFormat{format};
      if (format != format_version) return Damaged{"there is no format " + std::to_string(format)};
      return read_state(object);
    });
  } catch (const Unreadable& unreadable) {
    return Damaged{unreadable.what()};
  }
}

}  // namespace connector::state
