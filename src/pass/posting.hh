// Delivers the outbox: asks what the server can do, tries the login once, then posts in parallel.
#pragma once

#include <deque>
#include <set>
#include <string_view>
#include <vector>

#include "core/plan.hh"
#include "core/saved_state.hh"
#include "http/engine.hh"
#include "pass/outcome.hh"
#include "pass/settings.hh"
#include "report/log.hh"

namespace connector::pass {

class Posting {
 public:
  Posting(http::Engine& engine, const Settings& settings, SavedState& state, Counts& counts, Causes& causes,
          const report::Log& log)
      : engine_(engine), settings_(settings), state_(state), counts_(counts), causes_(causes), log_(log) {}
  Posting(const Posting&) = delete;
  Posting& operator=(const Posting&) = delete;
  ~Posting() = default;

  /// Whether anything can be sent still: not after a refused login or too many failures in a row.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  /// Queues these statuses, and after them the readings of the records in doubt, as positions in the ledger;
  /// `now` is Buildkite's clock. Returns at once; the engine's run() does the work.
  void queue(const std::vector<std::size_t>& statuses, const std::vector<std::size_t>& doubts, Timestamp now);

  /// Repositories on which the account may not report.
  [[nodiscard]] const std::set<Repository>& not_permitted() const noexcept { return not_permitted_; }

 private:
  void send_waiting();
  void learn_capabilities();
  void take_capabilities(const http::Outcome& outcome);
  void send(std::size_t position);
  void check(std::size_t position);
  void take_reading(std::size_t position, const http::Outcome& outcome);
  void take_delivery(std::size_t position, const Told& posted, const Delivery& delivery);
  void note_failure(const LedgerEntry& entry, const Delivery& delivery);
  void tell_failure(std::string_view what, const LedgerEntry& entry, const Delivery& delivery);
  void tell_bad_login(const Delivery& delivery) const;
  void add_cause(DeliveryResult result);
  void login_works();
  void bury(DeadLetter letter);
  [[nodiscard]] bool capabilities_known() const;
  [[nodiscard]] Capabilities capabilities() const;

  http::Engine& engine_;
  const Settings& settings_;
  SavedState& state_;
  Counts& counts_;
  Causes& causes_;
  const report::Log& log_;
  Timestamp now_{};
  std::deque<std::size_t> waiting_;  // positions in the ledger
  std::deque<std::size_t> doubts_;   // positions in the ledger, when nothing waits any more
  std::set<Repository> not_permitted_;
  unsigned in_flight_ = 0;
  unsigned failures_in_a_row_ = 0;
  unsigned failures_told_ = 0;
  bool login_proven_ = false;
  bool stopped_ = false;
};

}  // namespace connector::pass
