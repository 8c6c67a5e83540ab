#include "core/ledger/doubt.hh"

#include <chrono>
#include <utility>

namespace connector {
namespace {

constexpr std::chrono::minutes until_landed{5};
constexpr unsigned most_checks = 3;

void end_doubt(LedgerEntry& entry) {
  entry.doubt.reset();
  if (!entry.build_open) entry.last_status.reset();
}

/// A time further ahead than any is set is the work of a wrong Date header, and has come.
bool has_come(Timestamp time, Timestamp now) {
  return time <= now || time > now + 2 * until_landed;
}

}  // namespace

void doubt(LedgerEntry& entry, const Told& posted, Timestamp now) {
  const bool same = !entry.doubt || entry.doubt->posted == posted;
  const unsigned checks = entry.doubt ? entry.doubt->checks : 0;
  entry.told.reset();
  entry.doubt = Doubt{same ? std::optional(posted) : std::nullopt, now + until_landed, checks};
}

void doubt_outbox(Ledger& ledger, Timestamp posted_at) {
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    LedgerEntry& entry = ledger.at(i);
    if (entry.outgoing) doubt(entry, told_by(entry.outgoing->status), posted_at);
  }
}

std::vector<std::size_t> doubts_to_check(Ledger& ledger, Timestamp now) {
  std::vector<std::size_t> due;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    LedgerEntry& entry = ledger.at(i);
    if (!entry.doubt || !entry.told || entry.outgoing || entry.in_hand) continue;
    if (!has_come(entry.doubt->check_at, now)) continue;
    if (entry.doubt->posted == entry.told) {
      end_doubt(entry);
    } else {
      due.push_back(i);
    }
  }
  return due;
}

void settle_check(LedgerEntry& entry, Reading reading, Timestamp now) {
  if (!entry.doubt || !entry.told) return;
  const unsigned checks = entry.doubt->checks + 1;
  if (reading == Reading::agrees || checks > most_checks) {
    end_doubt(entry);
    return;
  }
  entry.told.reset();
  entry.doubt = Doubt{std::nullopt, now + until_landed, checks};
  if (!entry.last_status) return;
  entry.outgoing = Outgoing{*entry.last_status};
  entry.written_ahead = false;
}

}  // namespace connector
