#include "state/encode.hh"

#include <map>
#include <tuple>
#include <vector>

#include "core/hex.hh"
#include "core/json_text.hh"
#include "state/checksum.hh"
#include "state/identity.hh"

namespace connector::state {
namespace {

void write_time(JsonWriter& json, const std::optional<Timestamp>& time) {
  if (time) {
    json.value(format_timestamp(*time));
  } else {
    json.null();
  }
}

/// All that a pass over an unchanged world changes, beside generation and checksum.
void write_last_run(JsonWriter& json, const SavedState& state) {
  json.key("last_run").begin_object();
  write_time(json.key("at"), state.last_run);
  write_time(json.key("complete"), state.cursors.last_complete);
  json.end_object().line();
}

void write_cursors(JsonWriter& json, const Cursors& cursors) {
  json.key("cursors").begin_object();
  write_time(json.key("created"), cursors.created);
  write_time(json.key("finished"), cursors.finished);
  json.end_object().line();
  json.key("finished_walk");
  if (const auto& walk = cursors.finished_walk) {
    json.begin_object();
    json.key("finished_from").value(format_timestamp(walk->finished_from));
    json.key("created_to").value(format_timestamp(walk->created_to));
    json.key("next_cursor").value(format_timestamp(walk->next_cursor));
    json.end_object().line();
  } else {
    json.null().line();
  }
  json.key("gaps").begin_array();
  for (const Gap& gap : cursors.gaps) {
    json.begin_object();
    json.key("from").value(format_timestamp(gap.from));
    json.key("to").value(format_timestamp(gap.to));
    json.end_object();
  }
  json.end_array().line();
}

void write_capabilities(JsonWriter& json, const std::optional<Capabilities>& capabilities) {
  json.key("capabilities");
  if (!capabilities) {
    json.null().line();
    return;
  }
  json.begin_object();
  json.key("repository_builds").value(capabilities->repository_builds);
  json.key("cancelled_state").value(capabilities->cancelled_state);
  json.key("learned").value(format_timestamp(capabilities->learned));
  json.end_object().line();
}

void write_warned(JsonWriter& json, const std::map<std::string, Timestamp>& warned) {
  json.key("warned").begin_object();
  for (const auto& [warning, time] : warned) json.key(warning).value(format_timestamp(time));
  json.end_object().line();
}

void write_dead_letters(JsonWriter& json, const std::vector<DeadLetter>& letters) {
  json.key("dead_letters").begin_array();
  for (const DeadLetter& letter : letters) {
    json.line().begin_object();
    json.key("project").value(letter.key.repository.project);
    json.key("repository").value(letter.key.repository.slug);
    json.key("commit").value(letter.key.commit);
    json.key("key").value(letter.key.key);
    json.key("pipeline").value(letter.pipeline);
    json.key("build").value(letter.build_number);
    json.key("since").value(format_timestamp(letter.since));
    json.key("reason").value(letter.reason);
    json.end_object();
  }
  json.end_array().line();
}

void write_outgoing(JsonWriter& json, const Outgoing& outgoing) {
  const BuildStatus& status = outgoing.status;
  json.key("out").begin_object();
  json.key("state").value(word_of(status.state));
  json.key("build").value(status.build_number);
  json.key("url").value(status.url);
  json.key("name").value(status.name);
  json.key("description").value(status.description);
  json.key("parent").value(status.parent);
  json.key("ref").value(status.ref);
  if (status.duration_ms) json.key("duration_ms").value(*status.duration_ms);
  if (outgoing.failures > 0) json.key("failures").value(outgoing.failures);
  if (outgoing.refusals > 0) json.key("refusals").value(outgoing.refusals);
  if (outgoing.first_refused) json.key("first_refused").value(format_timestamp(*outgoing.first_refused));
  if (outgoing.not_before) json.key("not_before").value(format_timestamp(*outgoing.not_before));
  json.end_object();
}

void write_told(JsonWriter& json, const Told& told) {
  json.begin_array();
  json.value(word_of(told.state)).value(told.build_number).value(hex64(told.url_digest));
  json.end_array();
}

void write_entry(JsonWriter& json, const LedgerEntry& entry) {
  json.line().begin_object();
  json.key("c").value(entry.key.commit);
  json.key("n").value(entry.build_number);
  json.key("at").value(format_timestamp(entry.build_created_at));
  if (entry.build_open) json.key("open").value(true);
  if (entry.told) write_told(json.key("told"), *entry.told);
  if (entry.in_doubt) write_told(json.key("in_doubt"), *entry.in_doubt);
  if (entry.given_up) write_told(json.key("given_up"), *entry.given_up);
  if (entry.outgoing) write_outgoing(json, *entry.outgoing);
  json.end_object();
}

// What the entries of one pipeline usually share.
using GroupKey = std::tuple<const Repository&, const std::string&, const std::string&>;

GroupKey group_of(const LedgerEntry& entry) {
  return {entry.key.repository, entry.pipeline, entry.key.key};
}

void write_ledger(JsonWriter& json, const Ledger& ledger) {
  // Sorted groups, but entries in their order within a group: new ones then append to it, which keeps diffs
  // small.
  std::map<GroupKey, std::vector<const LedgerEntry*>> groups;
  for (const LedgerEntry& entry : ledger.entries()) groups[group_of(entry)].push_back(&entry);

  json.key("ledger").begin_array();
  for (const auto& [group, entries] : groups) {
    const auto& [repository, pipeline, key] = group;
    json.line().begin_object();
    json.key("project").value(repository.project);
    json.key("repository").value(repository.slug);
    json.key("pipeline").value(pipeline);
    json.key("key").value(key);
    json.key("entries").begin_array();
    for (const LedgerEntry* entry : entries) write_entry(json, *entry);
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string encode(const SavedState& state) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  text.clear();  // the brace stands in the checksum's line
  json.key("format").value(format_version).line();
  json.key("generation").value(state.generation).line();
  write_identity(json.key("identity").begin_object(), state.identity);
  json.end_object().line();
  write_last_run(json, state);
  write_time(json.key("failing_since"), state.failing_since);
  json.line();
  write_cursors(json, state.cursors);
  write_capabilities(json, state.capabilities);
  write_warned(json, state.warned);
  write_dead_letters(json, state.dead_letters);
  write_ledger(json, state.ledger);
  json.end_object();
  text += '\n';
  return checksum_line(text) + text;
}

}  // namespace connector::state
