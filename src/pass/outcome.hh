// What a pass did and found, gathered while it runs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/exit_status.hh"
#include "core/ledger/plan.hh"
#include "http/request.hh"

namespace connector::pass {

struct Counts {
  std::uint64_t builds = 0;  ///< shown by Buildkite, in scope of the filters
  std::uint64_t filtered_out = 0;
  std::uint64_t other_shard = 0;       ///< their pipelines belong to other shards
  std::uint64_t other_repository = 0;  ///< their pipelines' repositories are not on our Bitbucket
  std::uint64_t unreportable = 0;      ///< ended without a full commit id
  std::uint64_t unreadable = 0;        ///< records of an answer that made no build
  std::uint64_t posted = 0;
  std::uint64_t refused = 0;  ///< statuses in back-off because of this pass's answer
  std::uint64_t dead_letters = 0;
  std::uint64_t waiting = 0;    ///< left in the outbox
  std::uint64_t adopted = 0;    ///< old records brought up to date, with --adopt
  std::uint64_t left_open = 0;  ///< builds whose old records were left to a later --adopt
};

/// What became of a status that was due.
enum class StatusResult { planned, posted, refused, not_delivered };
/// "planned", "posted", "refused", "not delivered".
std::string_view word_of(StatusResult result);

/// A status that was due, for --dry-run and --json.
struct ReportedStatus {
  StatusKey key;
  std::string pipeline;
  BuildStatus status;
  BitbucketState state = BitbucketState::unknown;  ///< as this server is told it
  PostReason reason = PostReason::first;
  StatusResult result = StatusResult::planned;
};

/// Collects why a pass may not end with 0.
class Causes {
 public:
  void add(ExitStatus cause) { causes_.push_back(cause); }
  /// Something that is not the API answered on this peer: protocol, or temp_fail if the peer also worked in
  /// this pass.
  void not_the_api(http::PeerId peer) { strange_.at(static_cast<std::size_t>(peer)) = true; }
  /// The peer answered a request as its API does.
  void worked(http::PeerId peer) { worked_.at(static_cast<std::size_t>(peer)) = true; }

  /// Whether all that was due was done or is known to be impossible.
  [[nodiscard]] bool nothing_left() const;
  /// The exit status; what is temporary but has `lasted` too long becomes unavailable.
  [[nodiscard]] ExitStatus exit_status(bool lasted) const;

 private:
  [[nodiscard]] std::vector<ExitStatus> all() const;

  std::vector<ExitStatus> causes_;
  std::array<bool, http::peer_count> strange_{};
  std::array<bool, http::peer_count> worked_{};
};

}  // namespace connector::pass
