// Posts without an answer: what Bitbucket shows is not known then, and may change again when the post lands
// late, even after a newer one. So the record is read once that can no longer happen.
#pragma once

#include <cstddef>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// A post of `posted` may have arrived: nothing is known to be told, and the record is to be read in 5
/// minutes.
void doubt(LedgerEntry& entry, const Told& posted, Timestamp now);

/// The pass that saved this ledger before posting was killed, at about `posted_at`: whatever waits may have
/// arrived.
void doubt_outbox(Ledger& ledger, Timestamp posted_at);

/// Drops the doubts whose time has come and that make no difference, since what may land is what was told;
/// returns the positions of those for which Bitbucket has to be read.
std::vector<std::size_t> doubts_to_check(Ledger& ledger, Timestamp now);

/// What a reading of the record came to. What Bitbucket refuses to show differs.
enum class Reading { agrees, differs };

/// Ends the doubt when the reading agrees with what was told. When it differs, nothing is known to be told
/// any more, the status is due again and the record is read again later, three times at most: some servers
/// cannot be read by key.
void settle_check(LedgerEntry& entry, Reading reading, Timestamp now);

}  // namespace connector
