#include "state/encode.hh"

#include <map>

#include "core/text/json_text.hh"
#include "state/checksum.hh"
#include "state/encode_bitbucket.hh"
#include "state/encode_ledger.hh"
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
    json.key("page").value(std::uint64_t{gap.page});
    json.end_object();
  }
  json.end_array().line();
}

/// Only bookkeeping: of the sweeps, and of what takes turns.
void write_turns(JsonWriter& json, const SavedState& state) {
  const Sweeps& sweeps = state.sweeps;
  json.key("turns").begin_object();
  write_time(json.key("hourly_sweep"), sweeps.hourly);
  write_time(json.key("daily_sweep"), sweeps.daily);
  write_time(json.key("sweep_from"), sweeps.running ? std::optional(sweeps.running->from) : std::nullopt);
  write_time(json.key("sweep_to"), sweeps.running ? std::optional(sweeps.running->to) : std::nullopt);
  json.key("sweep_page").value(std::uint64_t{sweeps.running ? sweeps.running->page : 1});
  write_time(json.key("open_listing_to"), state.open_listing_to);
  write_time(json.key("remembered_from"), state.remembered_from);
  json.key("batch_size").value(static_cast<std::uint64_t>(state.rereads.batch_size));
  json.key("last_commit").value(state.rereads.last_commit);
  json.key("last_build").value(state.rereads.last_build);
  json.end_object().line();
}

template <typename Commits>
void write_commits(JsonWriter& json, const Commits& commits) {
  json.begin_array();
  for (const std::string& commit : commits) json.value(commit);
  json.end_array();
}

void write_rereads(JsonWriter& json, const Rereads& rereads) {
  write_commits(json.key("held_commits"), rereads.held_commits);
  json.line().key("unfinished_batch");
  if (const auto& batch = rereads.unfinished) {
    write_commits(json.begin_object().key("commits"), batch->commits);
    if (const auto& position = batch->position) {
      json.key("created_to").value(format_timestamp(position->created_to));
      json.key("page").value(std::uint64_t{position->page});
    }
    json.end_object().line();
  } else {
    json.null().line();
  }
  json.key("waiting_builds").begin_array();
  for (const auto& [id, build] : rereads.waiting_builds) {
    json.line().begin_object();
    json.key("id").value(id);
    json.key("pipeline").value(build.pipeline);
    json.key("n").value(build.number);
    json.key("at").value(format_timestamp(build.created_at));
    write_missing(json, build.missing);
    json.end_object();
  }
  json.end_array().line();
}

void write_warned(JsonWriter& json, const std::map<std::string, Timestamp>& warned) {
  json.key("warned").begin_object();
  for (const auto& [warning, time] : warned) json.key(warning).value(format_timestamp(time));
  json.end_object().line();
}

}  // namespace

std::string encode(const SavedState& state) {
  std::string text = checksum_line({});  // its room; the object begins there
  const std::size_t begin = text.size();
  JsonWriter json(text);
  json.key("format").value(format_version).line();
  json.key("generation").value(state.generation).line();
  write_identity(json.key("identity").begin_object(), state.identity);
  json.end_object().line();
  write_last_run(json, state);
  write_time(json.key("failing_since"), state.failing_since);
  json.line().key("posting").value(state.posting).line();
  write_cursors(json, state.cursors);
  write_turns(json, state);
  write_rereads(json, state.rereads);
  write_bitbucket(json, state);
  if (state.token_expires_at) write_time(json.key("token_expires_at"), state.token_expires_at);
  write_warned(json, state.warned);
  write_dead_letters(json, state.dead_letters);
  write_ledger(json, state.ledger);
  json.end_object();
  text += '\n';
  text.replace(0, begin, checksum_line(std::string_view(text).substr(begin)));
  return text;
}

}  // namespace connector::state
