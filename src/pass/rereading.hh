// Reads builds again that no listing shows: batches of commits, then single builds by number. It is work that
// can wait, so it stops where the quota is needed by others, but each kind gets one request in every pass.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/plan.hh"
#include "core/ledger/reread.hh"
#include "pass/listing.hh"
#include "pass/settings.hh"

namespace connector::pass {

class Rereading {
 public:
  /// All must outlive this, and this the engine's run().
  Rereading(Reader& reader, const Settings& settings, SavedState& state)
      : reader_(reader), settings_(settings), state_(state) {}
  Rereading(const Rereading&) = delete;
  Rereading& operator=(const Rereading&) = delete;
  ~Rereading() = default;

  /// Submits what is to be read again, as far as `evidence` does not do without it, for the engine's run();
  /// `now` is Buildkite's clock. False when there is nothing to read, or no request left for it.
  bool begin_round(const Evidence& evidence, Timestamp now);

  /// Pipelines that were not to be found for so long that their open builds were taken for gone.
  [[nodiscard]] const std::set<std::string>& hidden_pipelines() const noexcept { return hidden_; }

 private:
  bool read_next_batch();
  bool take_batch_page(const Listing& listing, const CommitBatch& batch);
  void leave_batch(const Listing& listing, const CommitBatch& batch, bool told_to_wait);
  bool look_up_next();
  void take_lookup(const Lookup& lookup, http::Outcome outcome);
  void ask_for_pipeline(const Lookup& lookup);
  /// The open build of an entry says nothing more, nor do its steps.
  void withdraw(std::size_t position, BitbucketState closing);
  void close_if_left_out(std::size_t position, const Build& build);
  void note_missing(const Lookup& lookup, bool pipeline_answers);
  [[nodiscard]] bool may_go_on(std::size_t requests, unsigned most) const;

  Reader& reader_;
  const Settings& settings_;
  SavedState& state_;
  Evidence evidence_;
  Timestamp now_{};
  std::vector<std::unique_ptr<Listing>> batches_;  // the last one is being read
  unsigned batch_requests_ = 0;
  std::set<std::string> looked_up_;               // in this pass, as build_place() names them
  std::map<std::string, bool> pipeline_answers_;  // by slug, as asked for in this pass
  std::set<std::string> hidden_;
};

}  // namespace connector::pass
