// What to post now: the due part of the outbox, in the order that serves reviewers best.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/ledger/parking.hh"
#include "core/listing/cursor.hh"

namespace connector {

/// What this pass read, which decides whether a remembered status is still known to be true.
struct Evidence {
  bool listings_complete = false;  ///< all three listings were read to their ends, down from the newest
  std::vector<Gap> gaps;           ///< what is still unread
};

/// Whether what the entry remembers is known to be true still: its build was shown in this pass, all builds
/// of its commit were, or the listings were read to their ends and no gap lies above the build, so that a
/// change would have been shown.
bool is_fresh(const LedgerEntry& entry, const Evidence& evidence);

/// Whether a refused status waits. A back-off that ends later than any could is the work of a wrong Date
/// header, and is over.
bool in_back_off(const Outgoing& outgoing, Timestamp now);

/// The statuses to post now, as positions in the ledger: those that are fresh, not in back-off, not of a
/// parked repository and not in hand already. What failed or was refused least often comes first, so that a
/// status that always fails holds up no other; then closed builds before open ones, so that verdicts come
/// first, newest build first within each.
std::vector<std::size_t> plan_posts(const Ledger& ledger, const Evidence& evidence,
                                    const ParkedRepositories& parked, Timestamp now);

/// Why a status is due.
enum class PostReason {
  first,          ///< Bitbucket was told nothing of this key yet
  newer_build,    ///< another build decides than the one it was told of
  state_changed,  ///< of the same build
  repair          ///< what Bitbucket shows is not known, or the link changed
};
PostReason reason_of(const LedgerEntry& entry);
/// "new", "newer build", "state changed", "repair".
std::string_view word_of(PostReason reason);

}  // namespace connector
