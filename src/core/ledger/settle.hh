// What becomes of an outbox entry after an attempt to deliver it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/ledger/ledger.hh"
#include "core/peer/delivery.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// A status that Bitbucket refused until its time was up.
struct DeadLetter {
  StatusKey key;
  std::string pipeline;
  std::uint64_t build_number = 0;
  Timestamp since{};  ///< when it was given up
  std::string reason;
  bool operator==(const DeadLetter&) const = default;
};

constexpr std::chrono::hours longest_backoff{6};

/// How long a refused status waits before its next try: 5 minutes, doubled each time, at most
/// longest_backoff.
std::chrono::milliseconds refusal_backoff(unsigned refusals);

/// For how long a refused status is tried before it becomes a dead letter, and how many refusals it takes:
/// when no pass ran for a week, there was no try either.
constexpr std::chrono::hours refusal_patience{24 * 7};
constexpr unsigned least_refusals = 3;

/// Writes the outcome of posting `posted` into its entry: delivered statuses are remembered as told (and
/// leave the outbox unless something newer waits), refused ones back off. What concerns the whole repository
/// (not_permitted, no_repository) is park()'s, not the entry's. Returns a dead letter when the entry's time
/// is up; it has then left the outbox.
std::optional<DeadLetter> settle(LedgerEntry& entry, const Told& posted, const Delivery& delivery,
                                 Timestamp now);

/// What waits in the entry was refused: it backs off, or becomes the dead letter that is returned.
std::optional<DeadLetter> refuse(LedgerEntry& entry, std::string reason, Timestamp now);

/// Gives up what the entry has to say, for a reason no retry can mend.
DeadLetter give_up(LedgerEntry& entry, const Told& posted, std::string reason, Timestamp now);

}  // namespace connector
