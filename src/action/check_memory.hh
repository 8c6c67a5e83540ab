// What --check leaves for the passes after it: its attempt to log in, and what it found mended.
#pragma once

#include <vector>

#include "action/actions.hh"
#include "check/bitbucket_check.hh"
#include "check/finding.hh"
#include "core/saved_state.hh"
#include "http/stop_signal.hh"
#include "pass/settings.hh"

namespace connector::action {

struct CheckResult {
  check::Login login = check::Login::not_tried;
  const std::vector<Repository>& answering;
  Timestamp now{};  ///< Buildkite's clock
};

/// Notes a refused login, forgets one that is taken again, and lets what waits for a repository that answers
/// again be posted. Takes the lock for it, and waits for a pass that is at work, which would else save over
/// it. Does nothing, and touches nothing, when `seen`, the state before, needs no change.
void remember(const CheckResult& result, const SavedState& seen, const pass::Settings& settings,
              const Setting& setting, const http::StopSignal& stop, check::Findings& findings);

}  // namespace connector::action
