#include "state/encode_ledger.hh"

#include <map>
#include <tuple>

#include "core/text/hex.hh"
#include "core/text/timestamp.hh"

namespace connector::state {
namespace {

void write_status(JsonWriter& json, const BuildStatus& status) {
  json.key("state").value(word_of(status.state));
  json.key("build").value(status.build_number);
  json.key("url").value(status.url);
  json.key("name").value(status.name);
  json.key("description").value(status.description);
  json.key("parent").value(status.parent);
  json.key("ref").value(status.ref);
  if (status.duration_ms) json.key("duration_ms").value(*status.duration_ms);
}

void write_outgoing(JsonWriter& json, const Outgoing& outgoing) {
  json.key("out").begin_object();
  write_status(json, outgoing.status);
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

void write_doubt(JsonWriter& json, const Doubt& doubt) {
  json.begin_object();
  if (doubt.posted) write_told(json.key("posted"), *doubt.posted);
  json.key("check_at").value(format_timestamp(doubt.check_at));
  if (doubt.checks > 0) json.key("checks").value(doubt.checks);
  json.end_object();
}

void write_entry(JsonWriter& json, const LedgerEntry& entry) {
  json.line().begin_object();
  json.key("c").value(entry.key.commit);
  json.key("n").value(entry.build_number);
  json.key("at").value(format_timestamp(entry.build_created_at));
  if (entry.build_open) json.key("open").value(true);
  if (entry.last_status) {
    write_status(json.key("shown").begin_object(), *entry.last_status);
    json.end_object();
  }
  if (entry.pull_request_build > 0) {
    json.key("pull_request").begin_array();
    json.value(entry.pull_request_build).value(entry.pull_request_ref).end_array();
  }
  if (entry.newest_without_verdict > 0) json.key("void").value(entry.newest_without_verdict);
  if (entry.closing) {
    write_status(json.key("closing").begin_object(), *entry.closing);
    json.end_object();
  }
  write_missing(json, entry.missing);
  if (entry.told) write_told(json.key("told"), *entry.told);
  if (entry.doubt) write_doubt(json.key("doubt"), *entry.doubt);
  if (entry.given_up) write_told(json.key("given_up"), *entry.given_up);
  if (entry.outgoing) write_outgoing(json, *entry.outgoing);
  json.end_object();
}

// What the entries of one pipeline usually share.
using GroupKey =
    std::tuple<const Repository&, const std::string&, const std::string&, std::uint64_t, const std::string&>;

GroupKey group_of(const LedgerEntry& entry) {
  return {entry.key.repository, entry.pipeline, entry.key.key, entry.subject, entry.step};
}

}  // namespace

void write_missing(JsonWriter& json, const std::optional<Missing>& missing) {
  if (!missing) return;
  json.key("missing").begin_object();
  json.key("since").value(format_timestamp(missing->since));
  json.key("passes").value(missing->passes);
  json.key("pipeline_hidden").value(missing->pipeline_hidden);
  json.end_object();
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

void write_ledger(JsonWriter& json, const Ledger& ledger) {
  // Sorted groups, but entries in their order within a group: new ones then append to it, which keeps diffs
  // small.
  std::map<GroupKey, std::vector<const LedgerEntry*>> groups;
  for (const LedgerEntry& entry : ledger.entries()) groups[group_of(entry)].push_back(&entry);

  json.key("ledger").begin_array();
  for (const auto& [group, entries] : groups) {
    const auto& [repository, pipeline, key, subject, step] = group;
    json.line().begin_object();
    json.key("project").value(repository.project);
    json.key("repository").value(repository.slug);
    json.key("pipeline").value(pipeline);
    json.key("key").value(key);
    if (subject != 0) json.key("subject").value(hex64(subject));
    if (!step.empty()) json.key("step").value(step);
    json.key("entries").begin_array();
    for (const LedgerEntry* entry : entries) write_entry(json, *entry);
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace connector::state
