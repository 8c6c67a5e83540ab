// Reads stretches of the created listing below the head, page by page: gaps, and sweeps. It is work that can
// wait, so it stops where the quota is needed by others, but it gets one page in every pass.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/admission.hh"
#include "core/listing/cursor.hh"
#include "pass/listing.hh"

namespace connector::pass {

class SliceReading {
 public:
  struct Work {
    Source source = Source::gap;
    BuildQuery query;  ///< what the reads have in common
    unsigned pages_a_round = 10;
    unsigned pages_a_pass = 0;  ///< 0 = no limit
    /// The stretch to read now, if there is one.
    std::function<std::optional<Gap>()> next;
    /// Its newest part was read: down to here, or to its end.
    std::function<void(const std::optional<Position>& position, bool ended)> advance;
  };

  /// `reader` must outlive this, and this the engine's run().
  SliceReading(Reader& reader, Work work) : reader_(reader), work_(std::move(work)) {}
  SliceReading(const SliceReading&) = delete;
  SliceReading& operator=(const SliceReading&) = delete;
  ~SliceReading() = default;

  /// Submits the first page of a round, which the engine's run() reads; false when there is nothing to read
  /// or nothing came of the round before.
  bool begin_round();

 private:
  bool read_next();
  bool take_page();
  [[nodiscard]] bool may_go_on() const;

  Reader& reader_;
  Work work_;
  std::vector<std::unique_ptr<Listing>> listings_;  // the last one is being read
  unsigned pages_ = 0;
  std::optional<unsigned> pages_at_round_;
};

}  // namespace connector::pass
