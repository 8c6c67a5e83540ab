// A history before it is played: settings and a list of events, plain data. What a seed makes can be printed,
// played again and shortened.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace connector::properties {

enum class What {
  connector_pass,
  restore_state,  ///< the state file of an earlier save is put back
  add_shard,      ///< the pipelines are divided among one connector more; the others keep their states
  trouble,        ///< the next request that it fits, or the next save, meets it
  commit_pushed,  ///< the Bitbucket repository has the commit from now on
  // What happens in Buildkite. An event that does not fit the state of its build does nothing.
  create,
  rebuild,
  resolve_commit,
  start,
  begin_failing,
  pass,
  fail,
  begin_canceling,
  cancel,
  skip,
  end_without_running,
  block,
  unblock,
  retry,
  remove_build,
  remove_pipeline,
  hide_pipeline,
  show_pipeline,
  move_repository,  ///< of the pipeline, to another project of the Bitbucket server
};

enum class Trouble {
  none,
  // Of requests, on the peer that Event::on_bitbucket names.
  server_error,
  unavailable,  ///< 503 with a hint
  too_many,
  web_page,
  cut_body,
  lost_answer,
  lost_request,
  late_answer,    ///< Event::span later; beyond the deadline it is a time-out
  held_post,      ///< a POST that nobody answers and that lands Event::span later
  not_permitted,  ///< 401: a right is missing
  refused_login,  ///< 401: the credential is wrong
  stale,          ///< answered by a replica of Buildkite that is a pass behind
  crash_before,
  crash_after,  ///< the peer has acted
  // Of saves.
  crash_before_save,
  crash_after_save,
};

struct Event {
  std::chrono::milliseconds at{};  ///< since the start of the history
  What what = What::connector_pass;
  std::string pipeline;
  unsigned build = 0;     ///< a label of the plan's own, since numbers shift when events are left out
  unsigned original = 0;  ///< of a rebuild
  std::string commit;     ///< a label, or "HEAD"
  std::chrono::milliseconds
      span{};  ///< create: until listings show it; trouble: see there; restore: how far back
  Trouble trouble = Trouble::none;
  bool on_bitbucket = false;
};

struct PlanSettings {
  unsigned per_page = 100;
  std::int64_t quota = 50;  ///< requests a minute of the user
  std::chrono::milliseconds overlap = std::chrono::minutes{15};
  bool reopening_clears_finished_at = true;
  bool finishing_again_renews_finished_at = true;
  bool bitbucket_is_slow = false;        ///< a rate limit of a few requests
  bool refuses_unknown_commits = false;  ///< 404 until the commit was pushed
  bool unknown_host = false;             ///< clone URLs name the Bitbucket server by a host nobody told us
  unsigned shards = 1;                   ///< connectors among which the pipelines are divided at first
  bool thorough = false;                 ///< all clean passes, however soon all is right
  std::chrono::milliseconds local_clock_error{};
};

struct Plan {
  std::string profile;
  std::uint64_t seed = 0;
  PlanSettings settings;
  std::vector<Event> events;  ///< by time
};

/// One line for people.
std::string text_of(const Event& event);
std::string text_of(const PlanSettings& settings);
/// "1d 02:03:04.567"
std::string text_of(std::chrono::milliseconds since_start);

}  // namespace connector::properties
