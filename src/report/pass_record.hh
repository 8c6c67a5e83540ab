// What those who watch over passes are told of one, as plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/exit_status.hh"
#include "core/text/timestamp.hh"

namespace connector::report {

/// How a server answered during a pass.
struct PeerFigures {
  std::string name;                      ///< "buildkite", "bitbucket"
  std::map<int, std::uint64_t> answers;  ///< by HTTP status
  std::uint64_t failures = 0;            ///< attempts without an answer
};

/// What a pass did, and what it left for the next.
struct PassFigures {
  std::uint64_t builds = 0;  ///< shown by Buildkite, in scope of the filters
  std::uint64_t filtered_out = 0;
  std::uint64_t other_repository = 0;
  std::uint64_t unreportable = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t posted = 0;
  std::uint64_t refused = 0;
  std::uint64_t given_up = 0;
  std::vector<PeerFigures> peers;
  std::optional<std::int64_t> organization_requests_left;  ///< of Buildkite's quota
  std::optional<std::int64_t> user_requests_left;
  std::chrono::milliseconds sync_lag{0};     ///< age of the oldest build that is to be told of and can be
  std::chrono::milliseconds listing_lag{0};  ///< the longest by which a build was shown late
  std::chrono::milliseconds gap{0};          ///< creation time not read yet
  std::uint64_t outbox = 0;                  ///< statuses that wait for delivery
  std::uint64_t dead_letters = 0;            ///< remembered ones, of earlier passes too
  std::uint64_t ledger_entries = 0;
  std::uint64_t open_builds = 0;
  std::optional<Timestamp> token_expires_at;  ///< Buildkite's token; nothing when not known or never
};

struct PassRecord {
  std::string organization;
  ExitStatus status = ExitStatus::ok;
  std::string reason;  ///< why the pass ended early, one line without secrets; empty when it did not
  Timestamp ended{};   ///< local clock
  std::chrono::milliseconds duration{0};
  std::optional<PassFigures> figures;  ///< nothing when it ended before or within its work
};

/// Whether watchers count it as a success: all was done that can be.
constexpr bool is_success(ExitStatus status) {
  return status == ExitStatus::ok || status == ExitStatus::incomplete;
}

}  // namespace connector::report
