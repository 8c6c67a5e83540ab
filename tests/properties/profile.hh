// Kinds of histories, from calm to everything at once: how often what happens. A rule of the connector that
// is missing shows in the profile that is about it.
#pragma once

#include <iosfwd>
#include <string_view>
#include <vector>

namespace connector::properties {

/// Chances are between 0 and 1.
struct Profile {
  std::string_view name;
  // Of each build:
  double reopened = 0;   ///< retried or unblocked, once and again
  double never_ran = 0;  ///< skipped or not_run
  double on_head = 0;    ///< created without a commit id
  double removed = 0;
  double listed_late = 0;       ///< up to 20 s
  double listed_very_late = 0;  ///< beyond the overlap
  double tied = 0;              ///< created in the same second or millisecond as the one before
  // Of each minute:
  double trouble = 0;
  double crash = 0;
  double held_post = 0;
  double stale = 0;
  double refused = 0;  ///< a right is missing for a moment, or the login is refused
  // Of each history:
  double sharded = 0;    ///< the pipelines are divided among several connectors
  double resharded = 0;  ///< another one is added
  double restored = 0;
  double pipeline_lost = 0;  ///< deleted or hidden, perhaps for a while
  double outage = 0;         ///< minutes or hours without a pass
  double days_of_rest = 0;   ///< longer than the ledger remembers
  double small_pages = 0;
  double small_quota = 0;
  double slow_bitbucket = 0;
  double late_commits = 0;
  double unknown_host = 0;  ///< clone URLs on a host that has to be asked about
  double moved = 0;         ///< a repository moves to another project
};

/// By its name, for GoogleTest.
void PrintTo(const Profile& profile, std::ostream* out);

/// All of them, the easier ones first.
const std::vector<Profile>& profiles();

}  // namespace connector::properties
