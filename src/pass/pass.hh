// One pass: the order of work. It takes everything it touches by reference and has no file, clock or argument
// of its own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "core/saved_state.hh"
#include "http/engine.hh"
#include "pass/outcome.hh"
#include "pass/settings.hh"
#include "report/log.hh"

namespace connector::pass {

/// When a state is saved: before the first POST, with a later save to come for which room has to be kept, or
/// at the end.
enum class SaveMoment { before_posting, at_end };

/// Writes the state for the next pass; throws Error when it cannot.
using Save = std::function<void(SavedState&, SaveMoment)>;

/// Told what has been done so far, before each wait for the servers.
using Watch = std::function<void(const Counts&)>;

struct Report {
  ExitStatus status = ExitStatus::ok;
  Counts counts;
  std::vector<Gap> gaps;                 ///< still unread, newest first
  std::vector<ReportedStatus> statuses;  ///< that were due, where the settings say so
  std::chrono::milliseconds lag{0};      ///< the longest by which a build was shown late
};

/// Reads what changed in Buildkite since `state`, saves, tells Bitbucket what is due, saves again. `state` is
/// brought up to date in place. `local_now` serves only to tell how long passes have been failing. Throws
/// what `save` throws.
Report run(const Settings& settings, SavedState& state, http::Engine& engine, const Save& save,
           const report::Log& log, Timestamp local_now, const Watch& watch = {});

}  // namespace connector::pass
