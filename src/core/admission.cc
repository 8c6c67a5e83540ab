#include "core/admission.hh"

#include <algorithm>

namespace connector {

bool may_decide(const LedgerEntry* known, const Sighting& sighting, Source source,
                const std::vector<Gap>& gaps) {
  if (source == Source::commit) return true;
  const bool decided = known != nullptr && known->build_number > 0;
  if (decided && sighting.build_number < known->build_number) return true;  // and the ledger passes it over
  if (source != Source::partial)
    return decided || known == nullptr || sighting.build_number > known->newest_without_verdict;
  return decided && std::none_of(gaps.begin(), gaps.end(),
                                 [&](const Gap& gap) { return gap.to > sighting.build_created_at; });
}

bool is_known(const LedgerEntry* known, const Sighting& sighting) {
  if (known == nullptr || known->build_number != sighting.build_number ||
      known->build_open != sighting.build_open) {
    return false;
  }
  const Told wanted = told_by(sighting.status);
  return known->told == wanted || (known->outgoing && told_by(known->outgoing->status) == wanted);
}

}  // namespace connector
