// Which Bitbucket state a Buildkite state becomes: the defaults of the documentation, changed by [states].
#pragma once

#include <map>
#include <optional>

#include "core/build/bitbucket_state.hh"
#include "core/build/build.hh"

namespace connector {

/// What the user wrote under [states]: a Bitbucket state, or nothing for "ignore".
using StateChoice = std::optional<BitbucketState>;

/// The mapping of build states. `chosen` holds only what the user set; everything else has its default.
struct StatePolicy {
  std::map<BuildState, StateChoice> chosen;
  /// states.blocked: replaces SUCCESSFUL of a passed build that waits at a block step, never a failure.
  std::optional<StateChoice> blocked;
  /// states.gone: closes the status in progress of a build that was deleted or hidden.
  std::optional<StateChoice> gone;
};

/// The state that Bitbucket is to show for a build, or nothing when it is not to be reported: ignored by the
/// user, or never ran (skipped, not_run) and not mapped.
std::optional<BitbucketState> bitbucket_state(const Build& build, const StatePolicy& policy);

/// The state that closes a status in progress whose build ended without a verdict: that of canceled builds,
/// and CANCELLED where these are ignored, since nothing may stay in progress for ever.
BitbucketState closing_state(const StatePolicy& policy);

/// The state that closes a status in progress whose build is gone: the user's, else closing_state.
BitbucketState gone_state(const StatePolicy& policy);

/// Whether every open state of a build is reported, so that a build is known from its first sight on.
bool reports_open_builds(const StatePolicy& policy);

}  // namespace connector
