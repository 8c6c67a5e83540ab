// Delivers the outbox, and reads the records of posts that got no answer.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger/plan.hh"
#include "core/saved_state.hh"
#include "pass/bitbucket_session.hh"
#include "pass/outcome.hh"
#include "report/log.hh"

namespace connector::pass {

class Posting {
 public:
  Posting(BitbucketSession& session, const Settings& settings, SavedState& state, Counts& counts,
          Causes& causes, const report::Log& log)
      : session_(session), settings_(settings), state_(state), counts_(counts), causes_(causes), log_(log) {}
  Posting(const Posting&) = delete;
  Posting& operator=(const Posting&) = delete;
  ~Posting() = default;

  /// Queues these statuses, and after them the readings of the records in doubt, as positions in the ledger;
  /// `now` is Buildkite's clock. Returns at once; the engine's run() does the work.
  void queue(const std::vector<std::size_t>& statuses, const std::vector<std::size_t>& doubts, Timestamp now);

  /// What was due and what became of it, in that order; gathered only where the settings say so.
  [[nodiscard]] const std::vector<ReportedStatus>& statuses() const noexcept { return statuses_; }

  /// Repositories that this pass found closed to the account, or absent, and what the server said.
  [[nodiscard]] const std::map<Repository, Delivery>& closed_repositories() const noexcept { return closed_; }

 private:
  /// What a status is posted with: all its characters, or those that every database takes.
  enum class Text { whole, basic_plane };

  void send(std::size_t position);
  void report(const LedgerEntry& entry, StatusResult result);
  void post(std::size_t position, Text text);
  void take_delivery(std::size_t position, const Told& posted, Text text, const Repository& asked,
                     const Delivery& delivery);
  [[nodiscard]] bool may_be_sent_plainer(std::size_t position, const Told& posted, Text text,
                                         const Delivery& delivery) const;
  void take_failure(std::size_t position, const Repository& asked, const Delivery& delivery);
  void note_delivered(LedgerEntry& entry, const Told& posted);
  void check(std::size_t position);
  void take_reading(std::size_t position, const StatusKey& asked, const http::Outcome& outcome);
  void close_repository(const Repository& repository, const Delivery& delivery);
  void follow(LedgerEntry& entry, const Repository& from, const Delivery& delivery);
  void bury(DeadLetter letter);

  BitbucketSession& session_;
  const Settings& settings_;
  SavedState& state_;
  Counts& counts_;
  Causes& causes_;
  const report::Log& log_;
  std::vector<ReportedStatus> statuses_;
  Timestamp now_{};
  std::map<Repository, Delivery> closed_;
  std::set<Repository> followed_;  // new names that redirects of this pass led to
  unsigned buried_ = 0;
};

}  // namespace connector::pass
