#include "state/decode_ledger.hh"

#include <algorithm>
#include <array>
#include <bitset>
#include <limits>
#include <utility>

#include "core/build/build.hh"
#include "core/text/hex.hh"

namespace connector::state {
namespace {

BitbucketState bitbucket_state_of(JsonValue value, std::string_view name) {
  const auto state = parse_bitbucket_state(text_of(value, name));
  if (!state) throw Unreadable("'" + std::string(name) + "' is not a state of Bitbucket");
  return *state;
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

std::uint64_t digest_of(JsonValue value, std::string_view name) {
  const auto digest = parse_hex64(text_of(value, name));
  if (!digest) throw Unreadable("'" + std::string(name) + "' has no digest of 16 hexadecimal digits");
  return *digest;
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
      told.url_digest = digest_of(value, "told");
    }
    ++place;
  }
  if (place != 3) throw Unreadable("'told' has not three values");
  return told;
}

BuildStatus read_status(JsonObject& object) {
  BuildStatus status;
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
  return status;
}

BuildStatus status_of(JsonValue value, std::string_view name) {
  JsonObject status = object_of(value, name);
  return read_status(status);
}

Outgoing read_outgoing(JsonObject object) {
  Outgoing outgoing;
  outgoing.status = read_status(object);
  outgoing.failures = read_optional_tally(object, "failures");
  outgoing.refusals = read_optional_tally(object, "refusals");
  outgoing.first_refused = read_optional_time(object, "first_refused");
  outgoing.not_before = read_optional_time(object, "not_before");
  return outgoing;
}

Doubt read_doubt(JsonObject object) {
  Doubt doubt;
  if (const auto posted = optional_member(object, "posted"))
    doubt.posted = read_told(array_of(*posted, "posted"));
  doubt.check_at = read_time(object, "check_at");
  doubt.checks = read_optional_tally(object, "checks");
  return doubt;
}

void read_pull_request(JsonArray array, LedgerEntry& entry) {
  std::size_t place = 0;
  for (auto element : array) {
    JsonValue value;
    require(element.get(value), "pull_request");
    if (place == 0) entry.pull_request_build = count_of(value, "pull_request");
    if (place == 1) entry.pull_request_ref = text_of(value, "pull_request");
    ++place;
  }
  if (place != 2) throw Unreadable("'pull_request' has not two values");
}

Missing missing_of(JsonValue value) {
  JsonObject missing = object_of(value, "missing");
  return {read_time(missing, "since"), read_optional_tally(missing, "passes"),
          flag_of(member(missing, "pipeline_hidden"), "pipeline_hidden")};
}

using Read = void (*)(JsonValue, LedgerEntry&);

/// The members that an entry must have come first.
constexpr std::size_t required_members = 3;

constexpr std::array<std::pair<std::string_view, Read>, 14> entry_members = {{
    {"c", [](JsonValue v, LedgerEntry& e) { e.key.commit = commit_of(v, "c"); }},
    {"n", [](JsonValue v, LedgerEntry& e) { e.build_number = count_of(v, "n"); }},
    {"at", [](JsonValue v, LedgerEntry& e) { e.build_created_at = time_of(v, "at"); }},
    {"told", [](JsonValue v, LedgerEntry& e) { e.told = read_told(array_of(v, "told")); }},
    {"open", [](JsonValue v, LedgerEntry& e) { e.build_open = flag_of(v, "open"); }},
    {"shown", [](JsonValue v, LedgerEntry& e) { e.last_status = status_of(v, "shown"); }},
    {"out", [](JsonValue v, LedgerEntry& e) { e.outgoing = read_outgoing(object_of(v, "out")); }},
    {"doubt", [](JsonValue v, LedgerEntry& e) { e.doubt = read_doubt(object_of(v, "doubt")); }},
    {"in_doubt",  // of format 1, behind "told"
     [](JsonValue v, LedgerEntry& e) {
       e.told.reset();
       e.doubt = Doubt{read_told(array_of(v, "in_doubt")), Timestamp{}, 0};
     }},
    {"given_up", [](JsonValue v, LedgerEntry& e) { e.given_up = read_told(array_of(v, "given_up")); }},
    {"closing", [](JsonValue v, LedgerEntry& e) { e.closing = status_of(v, "closing"); }},
    {"void", [](JsonValue v, LedgerEntry& e) { e.newest_without_verdict = count_of(v, "void"); }},
    {"missing", [](JsonValue v, LedgerEntry& e) { e.missing = missing_of(v); }},
    {"pull_request", [](JsonValue v, LedgerEntry& e) { read_pull_request(array_of(v, "pull_request"), e); }},
}};

/// Reads the members in the order in which they stand: looking up each by its name would take most of the
/// time of a large ledger.
LedgerEntry read_entry(JsonObject object, const LedgerEntry& group) {
  LedgerEntry entry = group;
  std::bitset<entry_members.size()> found;
  for (auto field : object) {
    std::string_view name;
    JsonValue value;
    require(field.unescaped_key().get(name), "entries");
    require(field.value().get(value), name);
    const auto* const known = std::find_if(entry_members.begin(), entry_members.end(),
                                           [&](const auto& row) { return row.first == name; });
    if (known == entry_members.end()) continue;
    known->second(value, entry);
    found.set(static_cast<std::size_t>(known - entry_members.begin()));
  }
  for (std::size_t i = 0; i < required_members; ++i) {
    if (!found[i]) throw Unreadable("'" + std::string(entry_members.at(i).first) + "' is missing");
  }
  return entry;
}

void read_group(JsonObject object, Ledger& ledger) {
  LedgerEntry group;
  group.key.repository.project = read_text(object, "project");
  group.key.repository.slug = read_text(object, "repository");
  group.pipeline = read_text(object, "pipeline");
  group.key.key = read_text(object, "key");
  if (const auto subject = optional_member(object, "subject")) group.subject = digest_of(*subject, "subject");
  if (const auto step = optional_member(object, "step")) group.step = text_of(*step, "step");
  for (auto element : array_of(member(object, "entries"), "entries")) {
    JsonObject entry_object;
    require(element.get_object().get(entry_object), "entries");
    LedgerEntry entry = read_entry(entry_object, group);
    if (ledger.find(entry.key) != nullptr) throw Unreadable("the ledger holds an entry twice");
    ledger.add(std::move(entry));
  }
}

}  // namespace

std::string commit_of(JsonValue value, std::string_view name) {
  std::string commit = text_of(value, name);
  if (!is_full_commit(commit)) throw Unreadable("'" + std::string(name) + "' is not a full commit id");
  return commit;
}

std::optional<Missing> read_missing(JsonObject& object) {
  const auto member_found = optional_member(object, "missing");
  if (!member_found) return std::nullopt;
  return missing_of(*member_found);
}

std::vector<DeadLetter> read_dead_letters(JsonArray array) {
  std::vector<DeadLetter> letters;
  for (auto element : array) {
    JsonObject object;
    require(element.get_object().get(object), "dead_letters");
    DeadLetter& letter = letters.emplace_back();
    letter.key.repository.project = read_text(object, "project");
    letter.key.repository.slug = read_text(object, "repository");
    letter.key.commit = commit_of(member(object, "commit"), "commit");
    letter.key.key = read_text(object, "key");
    letter.pipeline = read_text(object, "pipeline");
    letter.build_number = read_count(object, "build");
    letter.since = read_time(object, "since");
    letter.reason = read_text(object, "reason");
  }
  return letters;
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

}  // namespace connector::state
