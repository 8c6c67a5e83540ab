// What a pass has to know of the configuration.
#pragma once

#include <chrono>

#include "config/config.hh"
#include "core/saved_state.hh"
#include "core/verdict.hh"

namespace connector::pass {

struct Settings {
  Rules rules;
  config::BitbucketApi api = config::BitbucketApi::automatic;
  std::chrono::milliseconds initial_search_time{};
  std::chrono::milliseconds overlap{};
  unsigned parallel_posts = 8;  ///< statuses handed to the transfer engine at a time
  bool keeps_state = true;      ///< without a state file every pass begins anew, and nothing is swept
  unsigned per_page = 100;      ///< builds a page; Buildkite's maximum
};

Settings settings_of(const config::Config& config);

/// Whose state such a configuration makes and may continue.
Identity identity_of(const config::Config& config);

}  // namespace connector::pass
