// The steps of a build, from its jobs: parallel jobs and retries of a step are one thing to who reads a pull
// request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/build.hh"

namespace connector {

struct Step {
  std::string key;    ///< its key, else its label: the same in every build
  std::string label;  ///< without emoji shortcodes
  BuildState state = BuildState::other;
  bool soft_failed = false;  ///< passed, although a job of it failed softly
  std::string web_url;       ///< of the job that decides: the first that failed, else one that runs
  std::optional<Timestamp> started_at;   ///< of the first job
  std::optional<Timestamp> finished_at;  ///< of the last job, when all have ended
};

/// The steps that do work, in the order of their first jobs; waits, blocks and retried jobs are left out, and
/// so are jobs without key, label and command, which have nothing to be known by. A step has failed if any
/// job of it failed hard, runs while any does, and passed if the jobs that ran did; one of whose jobs none
/// ran is not_run.
std::vector<Step> steps_of(const Build& build);

/// The labels of the steps that failed, at most `most`: "Lint, Tests"; empty for none.
std::string failed_steps(const Build& build, std::size_t most);

/// ":test_tube: Tests" is "Tests".
std::string without_emoji_codes(std::string_view label);

}  // namespace connector
