#include "core/listing/sweep.hh"

#include <algorithm>

namespace connector {
namespace {

constexpr std::chrono::hours short_window{24};

/// A beginning in the future is the work of a wrong Date header.
bool is_due(const std::optional<Timestamp>& begun, std::chrono::hours every, Timestamp now) {
  return begun && (now - *begun >= every || *begun > now);
}

}  // namespace

Sweeps begin_due_sweep(Sweeps sweeps, Timestamp now, Timestamp newest, Timestamp remembered_from) {
  if (!sweeps.hourly) sweeps.hourly = now;
  if (!sweeps.daily) sweeps.daily = now;
  if (sweeps.running) return sweeps;
  const bool long_one = is_due(sweeps.daily, std::chrono::hours{24}, now);
  if (!long_one && !is_due(sweeps.hourly, std::chrono::hours{1}, now)) return sweeps;
  sweeps.hourly = now;
  if (long_one) sweeps.daily = now;
  const Gap window{std::max(now - (long_one ? sweep_window : short_window), remembered_from), newest};
  if (window.from < window.to) sweeps.running = window;
  return sweeps;
}

Sweeps after_slice(Sweeps sweeps, const std::optional<Position>& position, bool ended) {
  if (!sweeps.running) return sweeps;
  sweeps.running = rest_of(*sweeps.running, position);
  if (ended || sweeps.running->from >= sweeps.running->to) sweeps.running.reset();
  return sweeps;
}

Timestamp ledger_horizon(const Sweeps& sweeps, Timestamp newest, std::chrono::milliseconds overlap,
                         std::size_t entries) {
  constexpr std::size_t many_entries = 200'000;
  const Timestamp from = sweeps.running ? std::min(newest, sweeps.running->from) : newest;
  return from - overlap - (entries > many_entries ? short_window : sweep_window);
}

}  // namespace connector
