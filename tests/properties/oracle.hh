// What Bitbucket must show in the end, said plainly and without the code under test (design section 5): the
// newest build that ran decides.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/text/timestamp.hh"
#include "support/organization.hh"

namespace connector::properties {

/// A status by the slug of its pipeline (in these histories also that of its repository) and its full commit.
using Key = std::pair<std::string, std::string>;

struct SeenPost {
  Timestamp at{};
  std::uint64_t number = 0;
  std::string state;
  bool late = false;  ///< its sender had given it up
};

/// What happened to a key so far, as a bystander at Bitbucket saw it.
struct KeyHistory {
  std::vector<SeenPost> attempted;  ///< whether they arrived or not
  std::vector<SeenPost> accepted;
  /// When the state file was last replaced by an older one, and when that one had been saved.
  std::optional<std::pair<Timestamp, Timestamp>> restored;
};

/// The state a build stands for; empty for one that never ran.
std::string state_of(const Build& build);

/// The states that may be shown for a key in the end; "" stands for no status. More than one only where the
/// design leaves room.
std::set<std::string> right_states(const support::Organization& organization, const Key& key,
                                   const KeyHistory& history);

}  // namespace connector::properties
