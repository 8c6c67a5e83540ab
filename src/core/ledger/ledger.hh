// The ledger: what Bitbucket was last told per repository, commit and key. Its entries that are not delivered
// yet are the outbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/build/build_status.hh"
#include "core/ledger/missing.hh"
#include "core/ledger/rare.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// What Bitbucket was told last for an entry, in the state we meant: a server that does not know it was told
/// the nearest one, or nothing. Texts are not remembered: they ride along with the next change.
struct Told {
  BitbucketState state = BitbucketState::unknown;
  std::uint64_t build_number = 0;
  std::uint64_t url_digest = 0;  ///< fnv1a64 of the URL
  bool operator==(const Told&) const = default;
};

/// One or more posts got no answer: Bitbucket may have taken them, or may still, even after a newer one. So
/// the record is read once they can no longer be on their way.
struct Doubt {
  std::optional<Told> posted;  ///< nothing when there were several that differ
  Timestamp check_at{};        ///< Buildkite's clock
  unsigned checks = 0;         ///< readings that showed something else than was told
  bool operator==(const Doubt&) const = default;
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
  /// Whose status it is, as a digest: the pipeline's (also after a rename), or that of its pull requests. 0
  /// when that is not known. Where several share a key, it is that of the build that decides.
  std::uint64_t subject = 0;
  std::string step;  ///< the step whose status it is; empty for that of the whole build
  /// The build that decides the status: the newest that ran; 0 for none.
  std::uint64_t build_number = 0;
  Timestamp build_created_at{};
  bool build_open = false;  ///< it can still change by itself
  /// What was last to be told, while that may be needed without the build being shown: to close an open one
  /// should it disappear, or to repeat what a late post has replaced.
  Rare<BuildStatus> last_status;
  /// The newest build of this key that is known to have ended without a verdict.
  std::uint64_t newest_without_verdict = 0;
  /// The build that decided turned out to have no verdict: unless an older one ran, this is to be told.
  Rare<BuildStatus> closing;
  std::optional<Missing> missing;  ///< the open build was not to be found
  /// The newest build of a pull request among those of this key: the status names its branch, so that the
  /// pull request shows it, whichever build decides.
  std::uint64_t pull_request_build = 0;
  std::string pull_request_ref;
  std::optional<Told> told;  ///< nothing when it is unknown what Bitbucket shows
  Rare<Doubt> doubt;
  Rare<Outgoing> outgoing;
  Rare<Told> given_up;  ///< what became a dead letter: not tried again until the build changes
  // Of this pass only, not saved:
  bool seen_in_this_pass = false;  ///< a read of this pass showed the deciding build
  bool key_in_this_pass = false;   ///< a read of this pass showed some build of this key
  bool commit_read = false;        ///< a read of all builds of its commit came to its end
  bool confirmed = false;          ///< and all of it was done by this pass
  bool in_hand = false;            ///< queued, in flight or tried by this pass
  bool in_flight = false;          ///< a post is on its way: what is told will change when it is answered
  bool written_ahead = false;      ///< the state that holds `outgoing` was saved by this pass
};

/// Whether nothing is left to be told of the entry, now or when its build goes on.
bool is_settled(const LedgerEntry& entry);

/// A build that decides, on its way into the ledger.
struct Sighting {
  StatusKey key;
  std::string pipeline;
  std::uint64_t subject = 0;  ///< see LedgerEntry
  std::string step;           ///< see LedgerEntry
  std::uint64_t build_number = 0;
  Timestamp build_created_at{};
  bool build_open = false;
  bool of_pull_request = false;
  BuildStatus status;
};

/// How all builds of a commit were read: what an earlier pass read may have changed since.
enum class CommitRead { in_this_pass, over_several_passes };

class Ledger {
 public:
  /// Takes note of a build that decides. The highest build number wins in any order of arrival; of two reads
  /// of one build within a pass the terminal one wins. The entry becomes due when state, build number or URL
  /// differ from what Bitbucket was told, and stops being due when they agree again. Returns whether the
  /// build is one that the ledger did not know and that decides now.
  bool observe(Sighting sighting);

  /// Takes note of a build that ended without a verdict: it never ran (skipped, not_run), its last state is
  /// not to be reported, or it is gone. It matters only when it is the deciding build of its entry: what it
  /// has to say is withdrawn, and an older build may decide. Returns whether that is so: then all builds of
  /// the commit have to be read, and conclude() be called.
  bool observe_without_verdict(Sighting sighting);

  /// All builds of these commits were read, newest first. An entry whose build turned out to have no verdict,
  /// and for which no older one was shown, is closed where Bitbucket may show it.
  void conclude(const std::set<std::string>& commits, CommitRead read);

  /// The open build of an entry is gone, or not to be reported any more: as observe_without_verdict, with the
  /// state that closes it.
  void declare_gone(std::size_t position, BitbucketState closing);

  /// A repository has another name now: its entries go on under that. Of two entries of one key the one with
  /// the newer build goes on, and the other has nothing to say any more. Positions stay valid.
  void rename(const Repository& from, const Repository& to);

  /// Everything that waits for delivery is in the saved state from now on.
  void mark_written_ahead();

  /// The entry became known some other way (the state file). Its key must be new.
  void add(LedgerEntry entry);

  [[nodiscard]] const LedgerEntry* find(const StatusKey& key) const;
  [[nodiscard]] LedgerEntry* find(const StatusKey& key);
  /// The key under which the status of this subject, or of a step of it, stands on the commit already, if it
  /// is another one: a status that was posted goes on under its key when the template of the key, or a name
  /// in it, changes.
  [[nodiscard]] StatusKey kept_key(StatusKey key, std::uint64_t subject, std::string_view step = {}) const;
  /// The statuses of steps beside that of their build, which has this key.
  [[nodiscard]] std::vector<std::size_t> steps_beside(const StatusKey& key, std::uint64_t subject) const;
  [[nodiscard]] const std::vector<LedgerEntry>& entries() const noexcept { return entries_; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// Positions stay valid until entries are forgotten.
  [[nodiscard]] LedgerEntry& at(std::size_t position) { return entries_.at(position); }
  /// How many entries wait for delivery.
  [[nodiscard]] std::size_t outbox_size() const;

  /// From now on what is to be shown of each deciding build is kept, delivered or not, as last_status.
  void keep_statuses() { keeps_statuses_ = true; }
  /// What this pass saw of these commits is due, whatever Bitbucket was told before.
  void tell_again(const std::set<std::string>& commits);
  /// Drops what was kept only for that.
  void drop_kept_statuses();

  /// Begins a pass: nothing has been seen or taken in hand in it yet.
  void begin_pass();

  /// Drops the entries that were delivered, are closed, of whose key this pass was shown no build and whose
  /// build is older than `horizon`.
  void forget_before(Timestamp horizon);

 private:
  [[nodiscard]] std::optional<std::size_t> position(const StatusKey& key) const;
  /// Of the entry of its key, which is added when it is new.
  std::size_t position_for(const Sighting& sighting);
  /// The entries of this subject on the repository and commit of the key.
  [[nodiscard]] std::vector<std::size_t> of_subject(const StatusKey& key, std::uint64_t subject) const;
  void index(std::size_t at);
  void remove_from_index(std::size_t at);

  bool keeps_statuses_ = false;
  std::vector<LedgerEntry> entries_;  // in order of arrival, so that saving is stable
  using Index = std::unordered_multimap<std::size_t, std::size_t>;  // hash -> positions in entries_
  Index positions_;                                                 // by key
  Index subjects_;                                                  // by subject, repository and commit
};

/// What told would be after this status was accepted.
Told told_by(const BuildStatus& status);

}  // namespace connector
