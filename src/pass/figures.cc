#include "pass/figures.hh"

#include <algorithm>
#include <utility>

#include "core/ledger/parking.hh"

namespace connector::pass {
namespace {

using std::chrono::milliseconds;

report::PeerFigures peer_figures(std::string name, const http::PeerCounts& counts) {
  return {std::move(name), counts.answers, counts.failures};
}

/// What was refused waits for its next try, and so does what a closed repository holds up.
bool is_held_up(const LedgerEntry& entry, const ParkedRepositories& parked, Timestamp now) {
  return entry.outgoing->refusals > 0 || is_parked(parked, entry.key.repository, now);
}

milliseconds sync_lag(const SavedState& state, Timestamp now) {
  milliseconds lag{0};
  for (const LedgerEntry& entry : state.ledger.entries()) {
    if (!entry.outgoing || is_held_up(entry, state.parked, now)) continue;
    lag = std::max(lag, now - entry.build_created_at);
  }
  return lag;
}

milliseconds unread(const std::vector<Gap>& gaps) {
  milliseconds sum{0};
  for (const Gap& gap : gaps) sum += gap.to - gap.from;
  return sum;
}

std::uint64_t open_builds(const SavedState& state) {
  const auto& entries = state.ledger.entries();
  const auto open = std::count_if(entries.begin(), entries.end(),
                                  [](const LedgerEntry& entry) { return entry.build_open; });
  return static_cast<std::uint64_t>(open) + state.rereads.waiting_builds.size();
}

}  // namespace

report::PassFigures figures_of(const Report& report, const SavedState& state, const http::Engine& engine) {
  const Counts& counts = report.counts;
  const Quota quota = engine.quota(http::PeerId::buildkite);
  const auto now = engine.date(http::PeerId::buildkite);
  report::PassFigures figures;
  figures.builds = counts.builds;
  figures.filtered_out = counts.filtered_out;
  figures.other_repository = counts.other_repository;
  figures.unreportable = counts.unreportable;
  figures.unreadable = counts.unreadable;
  figures.posted = counts.posted;
  figures.refused = counts.refused;
  figures.given_up = counts.dead_letters;
  for (const auto peer : {http::PeerId::buildkite, http::PeerId::bitbucket})
    figures.peers.push_back(peer_figures(std::string(http::section_of(peer)), engine.counts(peer)));
  figures.organization_requests_left = quota.organization.remaining;
  figures.user_requests_left = quota.user.remaining;
  figures.sync_lag = sync_lag(state, now.value_or(state.last_run.value_or(Timestamp{})));
  figures.listing_lag = report.lag;
  figures.gap = unread(report.gaps);
  figures.outbox = counts.waiting;
  figures.dead_letters = state.dead_letters.size();
  figures.ledger_entries = state.ledger.size();
  figures.open_builds = open_builds(state);
  figures.token_expires_at = state.token_expires_at;
  return figures;
}

}  // namespace connector::pass
