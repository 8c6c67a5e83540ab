#include "core/ledger/parking.hh"

namespace connector {

bool is_parked(const ParkedRepositories& parked, const Repository& repository, Timestamp now) {
  const auto found = parked.find(repository);
  if (found == parked.end()) return false;
  return found->second.until > now && found->second.until <= now + longest_backoff;
}

std::vector<DeadLetter> park(ParkedRepositories& parked, Ledger& ledger, const Repository& repository,
                             const std::string& reason, Timestamp now) {
  std::vector<DeadLetter> letters;
  if (is_parked(parked, repository, now)) return letters;
  Parking& parking = parked[repository];
  parking.until = now + refusal_backoff(parking.refusals++);
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    LedgerEntry& entry = ledger.at(i);
    if (!entry.outgoing || entry.key.repository != repository) continue;
    if (auto letter = refuse(entry, reason, now)) {
      letters.push_back(std::move(*letter));
    } else {
      entry.outgoing->not_before = parking.until;
    }
  }
  return letters;
}

bool unpark(ParkedRepositories& parked, Ledger& ledger, const Repository& repository) {
  const auto found = parked.find(repository);
  if (found == parked.end()) return false;
  const Timestamp next_try = found->second.until;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    LedgerEntry& entry = ledger.at(i);
    if (!entry.outgoing || entry.key.repository != repository) continue;
    if (entry.outgoing->not_before == next_try) entry.outgoing->not_before.reset();
  }
  parked.erase(found);
  return true;
}

}  // namespace connector
