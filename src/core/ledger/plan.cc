#include "core/ledger/plan.hh"

#include <algorithm>
#include <tuple>

#include "core/ledger/settle.hh"

namespace connector {

bool is_fresh(const LedgerEntry& entry, const Evidence& evidence) {
  if (entry.seen_in_this_pass || entry.confirmed) return true;
  const bool gap_above = std::any_of(evidence.gaps.begin(), evidence.gaps.end(),
                                     [&](const Gap& gap) { return gap.to > entry.build_created_at; });
  return evidence.listings_complete && !gap_above;
}

bool in_back_off(const Outgoing& outgoing, Timestamp now) {
  return outgoing.not_before && *outgoing.not_before > now && *outgoing.not_before <= now + longest_backoff;
}

std::vector<std::size_t> plan_posts(const Ledger& ledger, const Evidence& evidence,
                                    const ParkedRepositories& parked, Timestamp now) {
  std::vector<std::size_t> due;
  const auto& entries = ledger.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LedgerEntry& entry = entries[i];
    if (!entry.outgoing || entry.in_hand || !is_fresh(entry, evidence)) continue;
    if (in_back_off(*entry.outgoing, now) || is_parked(parked, entry.key.repository, now)) continue;
    due.push_back(i);
  }
  std::stable_sort(due.begin(), due.end(), [&](std::size_t a, std::size_t b) {
    const LedgerEntry& first = entries[a];
    const LedgerEntry& second = entries[b];
    const unsigned first_troubles = first.outgoing->failures + first.outgoing->refusals;
    const unsigned second_troubles = second.outgoing->failures + second.outgoing->refusals;
    return std::make_tuple(first_troubles, first.build_open, second.build_created_at) <
           std::make_tuple(second_troubles, second.build_open, first.build_created_at);
  });
  return due;
}

PostReason reason_of(const LedgerEntry& entry) {
  if (!entry.told) return entry.doubt ? PostReason::repair : PostReason::first;
  if (!entry.outgoing) return PostReason::repair;
  const Told wanted = told_by(entry.outgoing->status);
  if (wanted.build_number != entry.told->build_number) return PostReason::newer_build;
  return wanted.state != entry.told->state ? PostReason::state_changed : PostReason::repair;
}

std::string_view word_of(PostReason reason) {
  switch (reason) {
    case PostReason::first:
      return "new";
    case PostReason::newer_build:
      return "newer build";
    case PostReason::state_changed:
      return "state changed";
    case PostReason::repair:
      break;
  }
  return "repair";
}

}  // namespace connector
