// Repositories that the account may not report on, or that the server does not have: nothing is sent to them
// for a while, and what waits for them ages as if it had been refused one by one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/ledger/settle.hh"
#include "core/text/timestamp.hh"

namespace connector {

struct Parking {
  Timestamp until{};      ///< the next try, by Buildkite's clock
  unsigned refusals = 0;  ///< in a row
  bool operator==(const Parking&) const = default;
};

using ParkedRepositories = std::map<Repository, Parking>;

/// Whether nothing is to be sent to the repository now. A parking that ends later than any could is the work
/// of a wrong Date header, and is over.
bool is_parked(const ParkedRepositories& parked, const Repository& repository, Timestamp now);

/// The repository refused a status. All that waits for it counts as refused and waits for the next try: 5
/// minutes, doubled each time up to longest_backoff. Returns the statuses whose time is up, as dead letters.
/// Does nothing for one that is parked already, since several refusals may be on their way at once.
std::vector<DeadLetter> park(ParkedRepositories& parked, Ledger& ledger, const Repository& repository,
                             const std::string& reason, Timestamp now);

/// The repository answers again: what waits for its next try may be posted at once. False when it is not
/// parked.
bool unpark(ParkedRepositories& parked, Ledger& ledger, const Repository& repository);

}  // namespace connector
