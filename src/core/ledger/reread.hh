// Builds that have to be read again because no listing shows what becomes of them: by their commit, many at a
// time, or by their number. Both take turns over the passes, so that each gets its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/ledger.hh"
#include "core/ledger/missing.hh"
#include "core/ledger/plan.hh"
#include "core/listing/walk.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// An open build whose commit is not known in full yet.
struct WaitingBuild {
  std::string pipeline;  ///< slug
  std::uint64_t number = 0;
  Timestamp created_at{};
  std::optional<Missing> missing;
  bool seen_in_this_pass = false;  ///< not saved
  bool operator==(const WaitingBuild&) const = default;
};

/// Full commit ids in one request; its URL is then about 2.5 kB long.
constexpr std::size_t largest_batch = 50;

/// Commits that are read together, newest build first.
struct CommitBatch {
  std::vector<std::string> commits;
  std::optional<Position> position;  ///< has been read down to here
  bool operator==(const CommitBatch&) const = default;
};

/// What is to be read again, and whose turn it is.
struct Rereads {
  std::set<std::string> held_commits;  ///< builds of theirs were shown that may not be the newest
  std::map<std::string, WaitingBuild> waiting_builds;  ///< by id
  std::optional<CommitBatch> unfinished;               ///< to be gone on with
  std::size_t batch_size = largest_batch;              ///< halved when a batch fails or takes several passes
  std::string last_commit;                             ///< whose turn was last
  std::string last_build;                              ///< as build_place() names it
  /// The batch that is being read, less the commits that have to be read anew. Not saved.
  std::set<std::string> reading;
  std::optional<Position> position;  ///< how far that batch has been read. Not saved.
  bool operator==(const Rereads&) const = default;
};

/// All builds of the commit have to be read, from the newest on: one lost its verdict, so that others that
/// were read before may have been passed over.
void hold(Rereads& rereads, const std::string& commit);
/// All builds of the commit have to be read because one that was created at this time may not decide. A batch
/// that has not come to it yet will.
void hold(Rereads& rereads, const std::string& commit, Timestamp created_at);

/// The commits to read next: what was not finished, else those of held commits, of due statuses that are not
/// known to be true still, and of open builds that no listing showed, as many as a batch takes, from whose
/// turn it is. Empty when nothing is left to read in this pass.
CommitBatch next_batch(const Rereads& rereads, const Ledger& ledger, const Evidence& evidence, Timestamp now);

/// The rereads when reading the batch begins.
void batch_begun(Rereads& rereads, const CommitBatch& batch);
/// The rereads when the batch has been read down to here.
void batch_read(Rereads& rereads, const std::optional<Position>& position);
/// The rereads after all builds of the batch's commits were read; returns those commits that this settles.
std::set<std::string> batch_ended(Rereads& rereads, const CommitBatch& batch);
/// The rereads after reading the batch was cut short; the next pass goes on.
void batch_cut(Rereads& rereads);
/// The rereads after a request for the batch failed: the next one is smaller, and it is others' turn.
void batch_failed(Rereads& rereads, const CommitBatch& batch);

/// A build to be asked for by its number.
struct Lookup {
  std::string pipeline;
  std::uint64_t number = 0;
  std::optional<std::size_t> entry;  ///< position in the ledger, else it is the waiting build of this id
  std::string waiting_id;
};

/// How a build is named in the order of turns.
std::string build_place(const Lookup& lookup);

/// The builds to look up: open ones that all builds of their commit did not include, and those that wait for
/// their commit and were not shown; at most `most`, from whose turn it is.
std::vector<Lookup> next_lookups(const Rereads& rereads, const Ledger& ledger, std::size_t most);

/// Whether any build may have to be read again in a pass that begins with this state.
bool may_have_rereads(const Rereads& rereads, const Ledger& ledger);

}  // namespace connector
