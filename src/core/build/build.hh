// A build of Buildkite, reduced to what this program uses (Buildkite REST: builds).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/job.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// The states of Buildkite's REST answers; `other` stands for a word this version does not know.
enum class BuildState {
  creating,
  scheduled,
  waiting,
  running,
  failing,  ///< a job failed hard, the rest still runs
  canceling,
  passed,
  failed,
  waiting_failed,
  blocked,  ///< only ever as a literal word; REST says passed or failed with Build::blocked instead
  canceled,
  skipped,  ///< superseded before it started
  not_run,  ///< every step was skipped
  other,
};

BuildState parse_build_state(std::string_view word);
/// The word of Buildkite's documentation; "other" for BuildState::other.
std::string_view word_of(BuildState state);

/// Whether a build in this state can still change without somebody retrying or unblocking it.
bool is_open(BuildState state);
/// Whether a build in this state never ran and so has no verdict of its own (skipped, not_run).
bool never_ran(BuildState state);

struct Pipeline {
  std::string id;  ///< UUID; survives renames
  std::string slug;
  std::string name;
  std::string repository;  ///< clone URL as the pipeline's owner typed it
};

struct Build {
  std::string id;  ///< UUID
  std::uint64_t number = 0;
  BuildState state = BuildState::other;
  std::string state_word;  ///< as answered; differs from word_of(state) for unknown words only
  bool blocked = false;    ///< waits at a block step (REST keeps passed or failed as its state)
  std::string web_url;
  std::string message;
  std::string commit;  ///< full SHA, or HEAD, a ref or a short SHA until an agent has checked out
  std::string branch;
  std::string tag;
  std::string source;
  std::string pull_request;  ///< its number; empty for none
  Timestamp created_at{};
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
  Pipeline pipeline;
  std::optional<std::vector<Job>> jobs;  ///< nothing when they were not asked for
};

/// Whether a commit is a full id of 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, the only ones that can be
/// reported.
bool is_full_commit(std::string_view commit);

}  // namespace connector
