// Sweeps: a slow second look at builds that were read before, for what became visible later than the overlap
// reaches. The last 24 hours are swept every hour, the last 7 days every day, a slice in each pass.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "core/listing/cursor.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// How far back the longer sweep goes, and so how long the ledger remembers.
constexpr std::chrono::hours sweep_window{24 * 7};

struct Sweeps {
  std::optional<Gap> running;       ///< the part not read yet
  std::optional<Timestamp> hourly;  ///< when the last look at 24 hours began (the longer one counts)
  std::optional<Timestamp> daily;   ///< when the last look at 7 days began
  bool operator==(const Sweeps&) const = default;
};

/// Begins the sweep that is due at `now`, if none is running. It goes from `newest` (the head shows what is
/// newer) down to its window, but not below `remembered_from`: of what is older the ledger knows nothing. The
/// first pass reads all there is, so the first sweeps are due their time after it.
Sweeps begin_due_sweep(Sweeps sweeps, Timestamp now, Timestamp newest, Timestamp remembered_from);

/// A slice was read down to `position` (nothing: not at all), or to the end of the sweep.
Sweeps after_slice(Sweeps sweeps, const std::optional<Position>& position, bool ended);

/// From when on the ledger has to remember: the longest sweep's window and the overlap below `newest` (the
/// older of the server's Date and the created cursor) and below a running sweep. A ledger of very many
/// entries remembers a day only; sweeps never go below what is remembered.
Timestamp ledger_horizon(const Sweeps& sweeps, Timestamp newest, std::chrono::milliseconds overlap,
                         std::size_t entries);

}  // namespace connector
