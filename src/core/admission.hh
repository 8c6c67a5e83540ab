// Whether a build that some read showed may decide the status of its commit at once, or whether a newer build
// of the commit may exist that this pass has not seen.
#pragma once

#include <vector>

#include "core/ledger/ledger.hh"
#include "core/listing/cursor.hh"

namespace connector {

/// What showed a build.
enum class Source {
  head,     ///< the created listing, from the newest build down
  gap,      ///< the created listing below it
  sweep,    ///< a second look
  partial,  ///< the open or the finished listing, or a build asked for by its number: others are not shown
  commit    ///< all builds of a commit, newest first
};

/// A read of all its builds settles a commit; the created listing shows newer builds first, so what it shows
/// decides unless it is older than a build that lost its verdict (then an even newer one may have run). What
/// others show decides only where the ledger knows a build of the key and no unread gap lies above.
bool may_decide(const LedgerEntry* known, const Sighting& sighting, Source source,
                const std::vector<Gap>& gaps);

/// Whether the sighting says nothing that the entry does not hold already.
bool is_known(const LedgerEntry* known, const Sighting& sighting);

}  // namespace connector
