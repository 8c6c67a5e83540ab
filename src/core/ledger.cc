#include "core/ledger.hh"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "core/text.hh"

namespace connector {
namespace {

std::size_t hash_of(const StatusKey& key) {
  const std::hash<std::string_view> hash;
  std::size_t mixed = hash(key.commit);
  for (const std::string_view part : {std::string_view(key.key), std::string_view(key.repository.project),
                                      std::string_view(key.repository.slug)}) {
    mixed = mixed * 31 + hash(part);
  }
  return mixed;
}

/// Makes `status` what the entry is to show: due when it differs from what was told.
void want(LedgerEntry& entry, BuildStatus status) {
  const Told wanted = told_by(status);
  if (entry.given_up && entry.given_up != wanted) entry.given_up.reset();
  const bool shown = entry.told == wanted && !entry.in_doubt;
  if (shown || entry.given_up == wanted) {
    entry.outgoing.reset();
  } else if (entry.outgoing && told_by(entry.outgoing->status) == wanted) {
    entry.outgoing->status = std::move(status);  // texts may have changed; the back-off stays
  } else {
    entry.outgoing = Outgoing{std::move(status)};
  }
}

}  // namespace

Told told_by(const BuildStatus& status) {
  return Told{status.state, status.build_number, fnv1a64(status.url)};
}

void Ledger::observe(Sighting sighting) {
  LedgerEntry& entry = entry_for(sighting);
  if (sighting.build_number < entry.build_number) return;
  const bool same_build = sighting.build_number == entry.build_number;
  const bool ended_already = same_build && entry.seen_in_this_pass && !entry.build_open;
  if (ended_already && sighting.build_open)
    return;  // of two reads that disagree, the next pass corrects the wrong one
  entry.pipeline = std::move(sighting.pipeline);
  entry.build_number = sighting.build_number;
  entry.build_created_at = sighting.build_created_at;
  entry.build_open = sighting.build_open;
  entry.seen_in_this_pass = true;
  want(entry, std::move(sighting.status));
}

void Ledger::observe_without_verdict(Sighting sighting) {
  LedgerEntry* entry = find(sighting.key);
  if (entry == nullptr || entry->build_number != sighting.build_number) return;
  entry->seen_in_this_pass = true;
  entry->build_open = false;
  const auto told_of_it = [&](const std::optional<Told>& told) {
    return told && told->build_number == sighting.build_number;
  };
  if (told_of_it(entry->told) || told_of_it(entry->in_doubt)) {
    want(*entry, std::move(sighting.status));
    return;
  }
  entry->outgoing.reset();
  entry->build_number = entry->told ? entry->told->build_number : 0;
}

void Ledger::add(LedgerEntry entry) {
  positions_.emplace(hash_of(entry.key), entries_.size());
  entries_.push_back(std::move(entry));
}

std::optional<std::size_t> Ledger::position(const StatusKey& key) const {
  const auto [begin, end] = positions_.equal_range(hash_of(key));
  for (auto it = begin; it != end; ++it) {
    if (entries_[it->second].key == key) return it->second;
  }
  return std::nullopt;
}

LedgerEntry& Ledger::entry_for(const Sighting& sighting) {
  if (const auto at = position(sighting.key)) return entries_[*at];
  LedgerEntry entry;
  entry.key = sighting.key;
  add(std::move(entry));
  return entries_.back();
}

const LedgerEntry* Ledger::find(const StatusKey& key) const {
  const auto at = position(key);
  return at ? &entries_[*at] : nullptr;
}

LedgerEntry* Ledger::find(const StatusKey& key) {
  const auto at = position(key);
  return at ? &entries_[*at] : nullptr;
}

std::size_t Ledger::outbox_size() const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [](const auto& entry) { return entry.outgoing.has_value(); }));
}

void Ledger::begin_pass() {
  for (auto& entry : entries_) {
    entry.seen_in_this_pass = false;
    entry.in_hand = false;
  }
}

void Ledger::forget_before(Timestamp horizon) {
  const auto forgettable = [&](const LedgerEntry& entry) {
    return !entry.outgoing && !entry.build_open && !entry.seen_in_this_pass &&
           entry.build_created_at < horizon;
  };
  if (std::erase_if(entries_, forgettable) == 0) return;
  positions_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) positions_.emplace(hash_of(entries_[i].key), i);
}

}  // namespace connector
