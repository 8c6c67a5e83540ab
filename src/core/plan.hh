// What to post now: the due part of the outbox, in the order that serves reviewers best.
#pragma once

#include <cstddef>
#include <vector>

#include "core/cursor.hh"
#include "core/ledger.hh"

namespace connector {

/// What this pass read, which decides whether a remembered status is still known to be true.
struct Evidence {
  bool listings_complete = false;  ///< all three listings were read to their ends, down from the newest
  std::vector<Gap> gaps;           ///< what is still unread
};

/// The statuses to post now, as positions in the ledger. An entry may be posted if a read of this pass showed
/// its build, or if the listings were read to their ends and no gap lies above the build; one in back-off or
/// already in hand waits. What failed least often comes first, so that a
/// status that always fails holds up no other; then closed builds before open ones, so that verdicts come
/// first, newest build first within each.
std::vector<std::size_t> plan_posts(const Ledger& ledger, const Evidence& evidence, Timestamp now);

}  // namespace connector
