#include "core/ledger/reread.hh"

#include <algorithm>
#include <utility>

namespace connector {
namespace {

/// The next `most` of a sorted range after `last`, then from its beginning.
template <typename Sorted, typename Key>
auto turns(const Sorted& sorted, Key key, const std::string& last, std::size_t most) {
  std::vector<typename Sorted::value_type> taken;
  const auto middle =
      std::find_if(sorted.begin(), sorted.end(), [&](const auto& element) { return key(element) > last; });
  for (auto it = middle; it != sorted.end() && taken.size() < most; ++it) taken.push_back(*it);
  for (auto it = sorted.begin(); it != middle && taken.size() < most; ++it) taken.push_back(*it);
  return taken;
}

bool needs_commit_read(const LedgerEntry& entry, const Evidence& evidence, Timestamp now) {
  if (entry.commit_read) return false;
  if (entry.closing) return true;
  const bool stale =
      entry.outgoing && !entry.in_hand && !in_back_off(*entry.outgoing, now) && !is_fresh(entry, evidence);
  return stale || (entry.build_open && !entry.seen_in_this_pass);
}

}  // namespace

CommitBatch next_batch(const Rereads& rereads, const Ledger& ledger, const Evidence& evidence,
                       Timestamp now) {
  if (rereads.unfinished) return *rereads.unfinished;
  std::set<std::string> wanted = rereads.held_commits;
  for (const LedgerEntry& entry : ledger.entries()) {
    if (needs_commit_read(entry, evidence, now)) wanted.insert(entry.key.commit);
  }
  return {
      turns(
          wanted, [](const std::string& commit) { return commit; }, rereads.last_commit, rereads.batch_size),
      std::nullopt};
}

void hold(Rereads& rereads, const std::string& commit) {
  rereads.held_commits.insert(commit);
  rereads.reading.erase(commit);
  if (!rereads.unfinished) return;
  std::erase(rereads.unfinished->commits, commit);
  if (rereads.unfinished->commits.empty()) rereads.unfinished.reset();
}

void hold(Rereads& rereads, const std::string& commit, Timestamp created_at) {
  std::optional<Position> read_to;
  if (rereads.reading.contains(commit)) {
    read_to = rereads.position;
  } else if (rereads.unfinished) {
    read_to = rereads.unfinished->position;
  }
  if (read_to && created_at >= read_to->created_to) return hold(rereads, commit);
  rereads.held_commits.insert(commit);
}

void batch_begun(Rereads& rereads, const CommitBatch& batch) {
  rereads.reading = {batch.commits.begin(), batch.commits.end()};
  rereads.position = batch.position;
}

void batch_read(Rereads& rereads, const std::optional<Position>& position) {
  if (position) rereads.position = position;
}

std::set<std::string> batch_ended(Rereads& rereads, const CommitBatch& batch) {
  auto settled = std::exchange(rereads.reading, {});
  for (const auto& commit : settled) rereads.held_commits.erase(commit);
  rereads.last_commit = batch.commits.back();
  // What one pass alone has read confirms what waits, so a batch that took several is followed by smaller
  // ones.
  rereads.batch_size = batch.position ? std::max<std::size_t>(rereads.batch_size / 2, 1)
                                      : std::min(rereads.batch_size * 2, largest_batch);
  rereads.unfinished.reset();  // last: it may be the batch
  return settled;
}

void batch_cut(Rereads& rereads) {
  const auto left = std::exchange(rereads.reading, {});
  rereads.unfinished.reset();
  if (!left.empty()) rereads.unfinished = CommitBatch{{left.begin(), left.end()}, rereads.position};
}

void batch_failed(Rereads& rereads, const CommitBatch& batch) {
  rereads.reading.clear();
  rereads.last_commit = batch.commits.back();
  rereads.batch_size = std::max<std::size_t>(batch.commits.size() / 2, 1);
  rereads.unfinished.reset();  // last: it may be the batch
}

std::string build_place(const Lookup& lookup) {
  return lookup.pipeline + '/' + std::to_string(lookup.number);
}

std::vector<Lookup> next_lookups(const Rereads& rereads, const Ledger& ledger, std::size_t most) {
  std::vector<Lookup> wanted;
  const auto& entries = ledger.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LedgerEntry& entry = entries[i];
    if (!entry.build_open || entry.seen_in_this_pass || !entry.commit_read || !entry.step.empty()) continue;
    wanted.push_back({entry.pipeline, entry.build_number, i, {}});
  }
  for (const auto& [id, waiting] : rereads.waiting_builds) {
    if (!waiting.seen_in_this_pass) wanted.push_back({waiting.pipeline, waiting.number, std::nullopt, id});
  }
  std::sort(wanted.begin(), wanted.end(),
            [](const Lookup& a, const Lookup& b) { return build_place(a) < build_place(b); });
  return turns(wanted, build_place, rereads.last_build, most);
}

bool may_have_rereads(const Rereads& rereads, const Ledger& ledger) {
  return rereads.unfinished || !rereads.held_commits.empty() || !rereads.waiting_builds.empty() ||
         std::any_of(ledger.entries().begin(), ledger.entries().end(), [](const LedgerEntry& entry) {
           return entry.build_open || entry.closing || entry.outgoing;
         });
}

}  // namespace connector
