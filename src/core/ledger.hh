// The ledger: what Bitbucket was last told per repository, commit and key. Its entries that are not delivered
// yet are the outbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/build_status.hh"
#include "core/timestamp.hh"

namespace connector {

/// What Bitbucket was told last for an entry, in the state we meant: a server that does not know it was told
/// the nearest one, or nothing. Texts are not remembered: they ride along with the next change.
struct Told {
  BitbucketState state = BitbucketState::unknown;
  std::uint64_t build_number = 0;
  std::uint64_t url_digest = 0;  ///< fnv1a64 of the URL
  bool operator==(const Told&) const = default;
};

/// A status that waits for delivery, and how its delivery went so far.
struct Outgoing {
  BuildStatus status;
  unsigned failures = 0;  ///< attempts that the server failed to answer properly (5xx, no answer)
  unsigned refusals = 0;  ///< answers so far that retrying may not mend (400, 404, ...)
  std::optional<Timestamp> first_refused;  ///< by Buildkite's clock
  std::optional<Timestamp> not_before;     ///< end of the back-off
  bool operator==(const Outgoing&) const = default;
};

struct LedgerEntry {
  StatusKey key;
  std::string pipeline;  ///< slug, for re-reading and for messages
  /// The build that decides the status: the newest that ran.
  std::uint64_t build_number = 0;
  Timestamp build_created_at{};
  bool build_open = false;  ///< it can still change by itself
  std::optional<Told> told;
  std::optional<Told> in_doubt;  ///< was posted, but no answer came: Bitbucket may show it instead of `told`
  std::optional<Outgoing> outgoing;
  std::optional<Told> given_up;  ///< what became a dead letter: not tried again until the build changes
  // Of this pass only, not saved:
  bool seen_in_this_pass = false;  ///< a read of this pass showed the deciding build
  bool in_hand = false;            ///< queued, in flight or tried by this pass
};

/// A build that decides, on its way into the ledger.
struct Sighting {
  StatusKey key;
  std::string pipeline;
  std::uint64_t build_number = 0;
  Timestamp build_created_at{};
  bool build_open = false;
  BuildStatus status;
};

class Ledger {
 public:
  /// Takes note of a build that decides. The highest build number wins in any order of arrival; of two reads
  /// of one build within a pass the terminal one wins. The entry becomes due when state, build number or URL
  /// differ from what Bitbucket was told, and stops being due when they agree again.
  void observe(Sighting sighting);

  /// Takes note of a build that ended without a verdict: it never ran (skipped, not_run), or its last state
  /// is not to be reported. It matters only when it is the deciding build of its entry: a status in progress
  /// that Bitbucket was told is closed by the one in `sighting`; one that was never delivered is withdrawn,
  /// and what an older build told stands again.
  void observe_without_verdict(Sighting sighting);

  /// The entry became known some other way (the state file). Its key must be new.
  void add(LedgerEntry entry);

  [[nodiscard]] const LedgerEntry* find(const StatusKey& key) const;
  [[nodiscard]] LedgerEntry* find(const StatusKey& key);
  [[nodiscard]] const std::vector<LedgerEntry>& entries() const noexcept { return entries_; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// Positions stay valid until entries are forgotten.
  [[nodiscard]] LedgerEntry& at(std::size_t position) { return entries_.at(position); }
  /// How many entries wait for delivery.
  [[nodiscard]] std::size_t outbox_size() const;

  /// Begins a pass: nothing has been seen or taken in hand in it yet.
  void begin_pass();

  /// Drops the entries that were delivered, are closed, were not seen in this pass and whose build is older
  /// than `horizon`.
  void forget_before(Timestamp horizon);

 private:
  [[nodiscard]] std::optional<std::size_t> position(const StatusKey& key) const;
  LedgerEntry& entry_for(const Sighting& sighting);

  std::vector<LedgerEntry> entries_;  // in order of arrival, so that saving is stable
  std::unordered_multimap<std::size_t, std::size_t> positions_;  // hash of a key -> indexes in entries_
};

/// What told would be after this status was accepted.
Told told_by(const BuildStatus& status);

}  // namespace connector
