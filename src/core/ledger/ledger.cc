#include "core/ledger/ledger.hh"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "core/text/text.hh"

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

std::size_t hash_of(std::uint64_t subject, const StatusKey& key) {
  return hash_of({key.repository, key.commit, {}}) ^ static_cast<std::size_t>(subject);
}

void erase_from(std::unordered_multimap<std::size_t, std::size_t>& index, std::size_t hash, std::size_t at) {
  const auto [begin, end] = index.equal_range(hash);
  const auto found = std::find_if(begin, end, [&](const auto& row) { return row.second == at; });
  if (found != end) index.erase(found);
}

/// Makes `status` what the entry is to show: due when it differs from what was told.
void want(LedgerEntry& entry, BuildStatus status) {
  const Told wanted = told_by(status);
  if (entry.given_up && entry.given_up != wanted) entry.given_up.reset();
  const bool stands = entry.told == wanted && !entry.in_flight;
  if (stands || entry.given_up == wanted) {
    entry.outgoing.reset();
  } else if (entry.outgoing && told_by(entry.outgoing->status) == wanted) {
    entry.outgoing->status = std::move(status);  // texts may have changed; the back-off stays
  } else {
    entry.outgoing = Outgoing{std::move(status)};
    entry.written_ahead = false;
  }
}

/// Two builds of one pipeline on one commit may be of different branches. A pull request shows the statuses
/// of its own branch only, so that one is named.
void note_pull_request(LedgerEntry& entry, Sighting& sighting) {
  const bool newest = sighting.build_number >= entry.pull_request_build;
  if (sighting.of_pull_request && newest && !sighting.status.ref.empty()) {
    entry.pull_request_build = sighting.build_number;
    entry.pull_request_ref = sighting.status.ref;
    if (entry.outgoing) entry.outgoing->status.ref = entry.pull_request_ref;
    if (entry.last_status) entry.last_status->ref = entry.pull_request_ref;
  }
  if (entry.pull_request_build > 0) sighting.status.ref = entry.pull_request_ref;
}

/// Nothing is left to be said in this entry.
void silence(LedgerEntry& entry) {
  entry.outgoing.reset();
  entry.last_status.reset();
  entry.closing.reset();
  entry.doubt.reset();
  entry.build_open = false;
}

/// The deciding build has no verdict after all: it says nothing more, and any build that ran may decide.
void lose_verdict(LedgerEntry& entry, BuildStatus closing) {
  entry.newest_without_verdict = std::max(entry.newest_without_verdict, entry.build_number);
  entry.build_number = 0;
  entry.build_open = false;
  entry.last_status.reset();
  entry.missing.reset();
  entry.outgoing.reset();
  entry.closing = std::move(closing);
}

}  // namespace

bool is_settled(const LedgerEntry& entry) {
  return !entry.outgoing && !entry.build_open && !entry.closing && !(entry.doubt && entry.told);
}

Told told_by(const BuildStatus& status) {
  return Told{status.state, status.build_number, fnv1a64(status.url)};
}

bool Ledger::observe(Sighting sighting) {
  const std::size_t at = position_for(sighting);
  LedgerEntry& entry = entries_[at];
  entry.key_in_this_pass = true;
  note_pull_request(entry, sighting);
  if (sighting.build_number < entry.build_number) return false;
  const bool same_build = sighting.build_number == entry.build_number;
  const bool ended_already = same_build && entry.seen_in_this_pass && !entry.build_open;
  if (ended_already && sighting.build_open)
    return false;  // of two reads that disagree, the next pass corrects the wrong one
  if (sighting.subject != 0 && sighting.subject != entry.subject) {
    remove_from_index(at);
    entry.subject = sighting.subject;
    entry.step = sighting.step;
    index(at);
  }
  entry.pipeline = std::move(sighting.pipeline);
  entry.build_number = sighting.build_number;
  entry.build_created_at = sighting.build_created_at;
  entry.build_open = sighting.build_open;
  const bool may_be_needed = sighting.build_open || entry.doubt || keeps_statuses_;
  entry.last_status = may_be_needed ? std::optional(sighting.status) : std::nullopt;
  entry.closing.reset();
  entry.missing.reset();
  entry.seen_in_this_pass = true;
  want(entry, std::move(sighting.status));
  return !same_build;
}

bool Ledger::observe_without_verdict(Sighting sighting) {
  LedgerEntry* entry = find(sighting.key);
  if (entry == nullptr) return false;
  entry->key_in_this_pass = true;
  if (entry->build_number != sighting.build_number) return false;
  entry->seen_in_this_pass = true;
  lose_verdict(*entry, std::move(sighting.status));
  return true;
}

void Ledger::conclude(const std::set<std::string>& commits, CommitRead read) {
  for (LedgerEntry& entry : entries_) {
    if (!commits.contains(entry.key.commit)) continue;
    entry.commit_read = true;
    entry.confirmed = entry.confirmed || read == CommitRead::in_this_pass;
    if (!entry.closing || entry.in_flight) continue;  // the next pass knows what is shown
    const BuildStatus closing = *std::exchange(entry.closing, std::nullopt);
    // An older build may be shown in progress still, where the newest was never told: it ended unseen.
    const bool may_be_shown =
        entry.doubt.has_value() || (entry.told && (entry.told->build_number == closing.build_number ||
                                                   entry.told->state == BitbucketState::in_progress));
    if (!may_be_shown) continue;
    entry.confirmed = true;
    if (entry.doubt) entry.last_status = closing;  // a late post may replace it
    want(entry, closing);
  }
}

void Ledger::declare_gone(std::size_t position, BitbucketState closing) {
  LedgerEntry& entry = entries_.at(position);
  BuildStatus status = entry.last_status ? *entry.last_status : BuildStatus{};
  status.state = closing;
  lose_verdict(entry, std::move(status));
}

void Ledger::rename(const Repository& from, const Repository& to) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    LedgerEntry& entry = entries_[i];
    if (entry.key.repository != from) continue;
    const StatusKey renamed{to, entry.key.commit, entry.key.key};
    remove_from_index(i);
    if (LedgerEntry* there = find(renamed)) {
      if (there->build_number < entry.build_number) {
        std::swap(*there, entry);
        there->key = renamed;
        std::swap(there->subject, entry.subject);  // what the index has
        std::swap(there->step, entry.step);
        std::swap(there->in_hand, entry.in_hand);  // what is under way belongs to the position
        std::swap(there->in_flight, entry.in_flight);
      }
      silence(entry);
      continue;
    }
    entry.key = renamed;
    index(i);
  }
}

void Ledger::index(std::size_t at) {
  const LedgerEntry& entry = entries_[at];
  positions_.emplace(hash_of(entry.key), at);
  if (entry.subject != 0) subjects_.emplace(hash_of(entry.subject, entry.key), at);
}

void Ledger::remove_from_index(std::size_t at) {
  const LedgerEntry& entry = entries_[at];
  erase_from(positions_, hash_of(entry.key), at);
  erase_from(subjects_, hash_of(entry.subject, entry.key), at);
}

std::vector<std::size_t> Ledger::of_subject(const StatusKey& key, std::uint64_t subject) const {
  std::vector<std::size_t> found;
  const auto [begin, end] = subjects_.equal_range(hash_of(subject, key));
  for (auto it = begin; it != end; ++it) {
    const LedgerEntry& entry = entries_[it->second];
    if (entry.subject == subject && entry.key.repository == key.repository && entry.key.commit == key.commit)
      found.push_back(it->second);
  }
  return found;
}

StatusKey Ledger::kept_key(StatusKey key, std::uint64_t subject, std::string_view step) const {
  if (position(key)) return key;
  for (const std::size_t at : of_subject(key, subject)) {
    if (entries_[at].step == step) return entries_[at].key;
  }
  return key;
}

std::vector<std::size_t> Ledger::steps_beside(const StatusKey& key, std::uint64_t subject) const {
  auto steps = of_subject(key, subject);
  std::erase_if(steps, [&](std::size_t at) { return entries_[at].step.empty(); });
  std::sort(steps.begin(), steps.end());
  return steps;
}

void Ledger::mark_written_ahead() {
  for (LedgerEntry& entry : entries_) entry.written_ahead = entry.outgoing.has_value();
}

void Ledger::add(LedgerEntry entry) {
  entries_.push_back(std::move(entry));
  index(entries_.size() - 1);
}

std::optional<std::size_t> Ledger::position(const StatusKey& key) const {
  const auto [begin, end] = positions_.equal_range(hash_of(key));
  for (auto it = begin; it != end; ++it) {
    if (entries_[it->second].key == key) return it->second;
  }
  return std::nullopt;
}

std::size_t Ledger::position_for(const Sighting& sighting) {
  if (const auto at = position(sighting.key)) return *at;
  LedgerEntry entry;
  entry.key = sighting.key;
  entry.subject = sighting.subject;
  entry.step = sighting.step;
  add(std::move(entry));
  return entries_.size() - 1;
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

void Ledger::tell_again(const std::set<std::string>& commits) {
  for (LedgerEntry& entry : entries_) {
    if (!entry.seen_in_this_pass || !entry.last_status || !commits.contains(entry.key.commit)) continue;
    entry.told.reset();
    entry.given_up.reset();
    want(entry, *entry.last_status);
  }
}

void Ledger::drop_kept_statuses() {
  keeps_statuses_ = false;
  for (LedgerEntry& entry : entries_) {
    if (!entry.build_open && !entry.doubt) entry.last_status.reset();
  }
}

void Ledger::begin_pass() {
  for (auto& entry : entries_) {
    entry.seen_in_this_pass = false;
    entry.key_in_this_pass = false;
    entry.commit_read = false;
    entry.confirmed = false;
    entry.in_hand = false;
    entry.in_flight = false;
    entry.written_ahead = false;
  }
}

void Ledger::forget_before(Timestamp horizon) {
  const auto forgettable = [&](const LedgerEntry& entry) {
    return is_settled(entry) && !entry.key_in_this_pass && entry.build_created_at < horizon;
  };
  if (std::erase_if(entries_, forgettable) == 0) return;
  positions_.clear();
  subjects_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) index(i);
}

}  // namespace connector
