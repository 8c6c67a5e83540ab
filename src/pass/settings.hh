// What a pass has to know of the configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hh"
#include "core/listing/look_back.hh"
#include "core/listing/walk.hh"
#include "core/saved_state.hh"
#include "core/text/secret.hh"
#include "core/verdict.hh"

namespace connector::pass {

struct Settings {
  Rules rules;
  config::BitbucketApi api = config::BitbucketApi::automatic;
  std::chrono::milliseconds initial_search_time{};
  std::chrono::milliseconds overlap{};
  unsigned parallel_posts = 8;       ///< statuses handed to the transfer engine at a time
  bool keeps_state = true;           ///< without a state file every pass begins anew, and nothing is swept
  Secret login;                      ///< the whole of Bitbucket's credential, for its fingerprint
  std::uint64_t salt = 0;            ///< random, for that fingerprint
  std::optional<LookBack> since;     ///< to look back so far in this pass
  std::vector<std::string> commits;  ///< to report the builds of these only, whatever was told before
  bool keeps_statuses = false;       ///< for the report: each that was due, with what became of it
  bool dry_run = false;              ///< post nothing, but tell what would be
  bool adopt = false;                ///< bring what the Ruby daemon left on the legacy endpoint up to date
  unsigned per_page = 100;           ///< builds a page; Buildkite's maximum
};

/// What every request for builds has in common.
BuildQuery page_query(const Settings& settings);
/// The same for a listing of what is to be reported. Buildkite is asked for the branches alone where they are
/// named in full: what its * stands for is not documented well enough to leave builds out by it.
BuildQuery listing_query(const Settings& settings);

/// `salt` is to be random.
Settings settings_of(const config::Config& config, std::uint64_t salt);

/// Whose state such a configuration makes and may continue.
Identity identity_of(const config::Config& config);

}  // namespace connector::pass
