#include "state/decode.hh"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/build/build.hh"
#include "state/checksum.hh"
#include "state/decode_bitbucket.hh"
#include "state/decode_ledger.hh"
#include "state/encode.hh"
#include "state/json_fields.hh"

namespace connector::state {
namespace {

/// Format 1 had none.
unsigned read_page(JsonObject& object, std::string_view name) {
  constexpr std::uint64_t most_pages = 1'000'000;
  const auto page = optional_member(object, name);
  const std::uint64_t number = page ? count_of(*page, name) : 1;
  if (number == 0 || number > most_pages) throw Unreadable("'" + std::string(name) + "' is no page number");
  return static_cast<unsigned>(number);
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
    gaps.push_back({from, to, read_page(object, "page")});
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

void read_turns(JsonObject object, SavedState& state) {
  Sweeps& sweeps = state.sweeps;
  sweeps.hourly = read_optional_time(object, "hourly_sweep");
  sweeps.daily = read_optional_time(object, "daily_sweep");
  const auto from = read_optional_time(object, "sweep_from");
  const auto to = read_optional_time(object, "sweep_to");
  const unsigned page = read_page(object, "sweep_page");
  if (from && to) sweeps.running = Gap{*from, *to, page};
  state.open_listing_to = read_optional_time(object, "open_listing_to");
  state.remembered_from = read_optional_time(object, "remembered_from");
  state.rereads.batch_size = std::clamp<std::size_t>(read_count(object, "batch_size"), 1, largest_batch);
  state.rereads.last_commit = read_text(object, "last_commit");
  state.rereads.last_build = read_text(object, "last_build");
}

std::vector<std::string> read_commits(JsonArray array) {
  std::vector<std::string> commits;
  for (auto element : array) {
    JsonValue value;
    require(element.get(value), "commits");
    commits.push_back(commit_of(value, "commits"));
  }
  return commits;
}

void read_waiting_builds(JsonArray array, Rereads& rereads) {
  for (auto element : array) {
    JsonObject object;
    require(element.get_object().get(object), "waiting_builds");
    const std::string id = read_text(object, "id");
    WaitingBuild& build = rereads.waiting_builds[id];
    build.pipeline = read_text(object, "pipeline");
    build.number = read_count(object, "n");
    build.created_at = read_time(object, "at");
    build.missing = read_missing(object);
  }
}

// A cursor from before Buildkite existed would have all builds read again; one far beyond the last pass would
// hide those in between. Buildkite's clocks may differ a little.
void require_possible(const Cursors& cursors, const std::optional<Timestamp>& last_run) {
  constexpr std::chrono::hours leeway{24};
  for (const auto& cursor : {cursors.created, cursors.finished}) {
    const bool too_late = cursor && last_run && *cursor - *last_run > leeway;
    if (too_late || (cursor && !is_conceivable(*cursor)))
      throw Unreadable("'cursors' are at an impossible time");
  }
}

/// What format 1 did not have.
void read_rereads(JsonObject& object, SavedState& state) {
  state.posting = flag_of(member(object, "posting"), "posting");
  read_turns(object_of(member(object, "turns"), "turns"), state);
  Rereads& rereads = state.rereads;
  for (auto& commit : read_commits(array_of(member(object, "held_commits"), "held_commits")))
    rereads.held_commits.insert(std::move(commit));
  if (const auto unfinished = optional_member(object, "unfinished_batch")) {
    JsonObject batch = object_of(*unfinished, "unfinished_batch");
    auto commits = read_commits(array_of(member(batch, "commits"), "commits"));
    std::optional<Position> position;
    if (const auto created_to = read_optional_time(batch, "created_to"))
      position = Position{*created_to, read_page(batch, "page")};
    rereads.unfinished = CommitBatch{std::move(commits), position};
    if (rereads.unfinished->commits.empty()) rereads.unfinished.reset();
  }
  read_waiting_builds(array_of(member(object, "waiting_builds"), "waiting_builds"), rereads);
}

/// Format 1 did not say what an open build had shown, which is what closes it should it disappear.
void add_last_statuses(SavedState& state) {
  for (std::size_t i = 0; i < state.ledger.size(); ++i) {
    LedgerEntry& entry = state.ledger.at(i);
    if (!entry.build_open) continue;
    const std::string number = std::to_string(entry.build_number);
    entry.last_status.emplace();
    entry.last_status->build_number = entry.build_number;
    entry.last_status->name = entry.pipeline + " #" + number;
    entry.last_status->url =
        "https://buildkite.com/" + state.identity.organization + "/" + entry.pipeline + "/builds/" + number;
  }
}

SavedState read_state(JsonObject& object, std::uint64_t format) {
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
  if (format > 1) read_rereads(object, state);
  state.cursors.gaps = read_gaps(array_of(member(object, "gaps"), "gaps"));
  read_bitbucket(object, state);
  state.token_expires_at = read_optional_time(object, "token_expires_at");
  state.warned = read_warned(object_of(member(object, "warned"), "warned"));
  state.dead_letters = read_dead_letters(array_of(member(object, "dead_letters"), "dead_letters"));
  state.ledger = read_ledger(array_of(member(object, "ledger"), "ledger"));
  if (format == 1) add_last_statuses(state);
  return state;
}

bool checksum_holds(std::string_view text) {
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return false;
  return text.substr(0, line_end + 1) == checksum_line(text.substr(line_end + 1));
}

}  // namespace

Decoded decode(std::string text) {
  if (text.empty()) return Damaged{"it is empty"};
  if (!checksum_holds(text)) return Damaged{"its checksum is wrong"};
  try {
    return read_document(std::move(text), [](JsonObject& object) -> Decoded {
      const std::uint64_t format = read_count(object, "format");
      if (format > format_version) return NewerFormat{format};
      if (format == 0) return Damaged{"there is no format " + std::to_string(format)};
      return read_state(object, format);
    });
  } catch (const Unreadable& unreadable) {
    return Damaged{unreadable.what()};
  }
}

}  // namespace connector::state
