// Everything one pass leaves for the next: the contents of the state file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/build/shard.hh"
#include "core/ledger/ledger.hh"
#include "core/ledger/parking.hh"
#include "core/ledger/reread.hh"
#include "core/ledger/settle.hh"
#include "core/listing/cursor.hh"
#include "core/listing/sweep.hh"
#include "core/peer/capabilities.hh"
#include "core/peer/login_refusal.hh"
#include "core/place/repository_map.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// Whose state it is.
struct Identity {
  std::string organization;
  std::string buildkite_url;
  std::string bitbucket_url;
  Shard shard{};
  bool operator==(const Identity&) const = default;
};

/// How a saved state is related to a connector that would go on with it.
enum class Kinship {
  own,
  resharded,  ///< its own but for the number of shards, which has changed since
  foreign     ///< another organization's or server's, or that of a shard beside it: never to be used
};
Kinship kinship(const Identity& saved, const Identity& wanted);

struct SavedState {
  Identity identity;
  std::uint64_t generation = 0;       ///< counts the saves
  std::optional<Timestamp> last_run;  ///< Buildkite's Date in the last pass
  /// Local clock at the first of the failed passes since the last complete one: the only time not from
  /// Buildkite, which may be what does not answer.
  std::optional<Timestamp> failing_since;
  bool posting = false;  ///< saved before posting: unless a later save followed, the pass was killed
  Cursors cursors;
  std::optional<Timestamp> open_listing_to;  ///< where a pass stopped reading open builds; the next goes on
  Sweeps sweeps;
  /// Every build created since then that had something to say is in the ledger.
  std::optional<Timestamp> remembered_from;
  Rereads rereads;
  Ledger ledger;
  std::vector<DeadLetter> dead_letters;
  std::optional<Capabilities> capabilities;
  std::optional<LoginRefusal> login_refusal;
  ParkedRepositories parked;
  RepositoryMap repositories;
  std::optional<Timestamp> token_expires_at;  ///< when the Buildkite token ends, as it was last asked
  std::map<std::string, Timestamp> warned;    ///< standing warnings and when each was printed last
};

/// Makes it the state of a shard among another number of them. What the shards before read of the pipelines
/// that come to it is not known, so the next pass looks back as the first one does, nor what they have told
/// of those that come back. What was told of the others is known still, and what is unfinished of those that
/// leave it is still to be finished.
void reshard(SavedState& state, const Shard& shard);

}  // namespace connector
