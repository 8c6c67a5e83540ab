#include "core/step_statuses.hh"

#include <set>
#include <string>
#include <utility>

#include "core/build/status_text.hh"

namespace connector {
namespace {

bool shows_success(const LedgerEntry& entry) {
  return entry.told && entry.told->state == BitbucketState::successful && !entry.outgoing && !entry.doubt;
}

Sighting absent(const LedgerEntry& entry, const Sighting& build, BitbucketState closing) {
  Sighting sighting = build;
  sighting.key = entry.key;
  sighting.step = entry.step;
  const bool passed = build.status.state == BitbucketState::successful;
  sighting.status =
      absent_step_status(build.status, entry.step, passed ? BitbucketState::successful : closing);
  return sighting;
}

}  // namespace

void take_steps(Ledger& ledger, const Sighting& build, std::vector<Sighting> steps, BitbucketState closing) {
  std::set<StatusKey> present;
  for (Sighting& step : steps) {
    present.insert(step.key);
    ledger.observe(std::move(step));
  }
  for (const std::size_t position : ledger.steps_beside(build.key, build.subject)) {
    LedgerEntry& entry = ledger.at(position);
    if (present.contains(entry.key) || entry.build_number > build.build_number) continue;
    if (build.build_open) {
      // The end of this build tells what becomes of it; until then it needs no reading of its own.
      entry.seen_in_this_pass = entry.seen_in_this_pass || entry.build_open;
    } else if (shows_success(entry)) {
      entry.build_open = false;
    } else {
      ledger.observe(absent(entry, build, closing));
    }
  }
}

void withdraw_steps(Ledger& ledger, const StatusKey& key, std::uint64_t build_number,
                    BitbucketState closing) {
  const LedgerEntry* build = ledger.find(key);
  if (build == nullptr) return;
  for (const std::size_t position : ledger.steps_beside(key, build->subject)) {
    LedgerEntry& step = ledger.at(position);
    if (step.build_number > build_number) continue;
    if (step.build_open) {
      ledger.declare_gone(position, closing);
    } else if (step.build_number == build_number) {
      step.build_number = 0;  // an older build that decides brings its own
    }
  }
}

}  // namespace connector
