#include "support/bitbucket_records.hh"

#include <algorithm>

namespace connector::support {

void BitbucketRecords::post(const Repository& repository, const std::string& commit, PostedStatus status,
                            Timestamp now) {
  const bool legacy = repository == Repository{};
  StatusKey place{repository, commit, status.key};
  const StatusKey kept = kept_as(place);
  if (legacy) {
    place = kept;
  } else if (auto taken_over = records_.extract(kept)) {
    taken_over.key() = place;
    records_.insert(std::move(taken_over));
  }
  const auto [position, is_new] = records_.try_emplace(std::move(place));
  StatusRecord& record = position->second;
  if (is_new) record.created = now;
  record.status = std::move(status);
  record.updated = now;
  record.legacy = legacy;
}

const std::pair<const StatusKey, StatusRecord>* BitbucketRecords::find(const StatusKey& key) const {
  const auto found = records_.find(kept_as(key));
  return found == records_.end() ? nullptr : &*found;
}

bool BitbucketRecords::remove(const StatusKey& key) {
  return records_.erase(kept_as(key)) > 0;
}

void BitbucketRecords::rename(const Repository& from, const Repository& to) {
  std::map<StatusKey, StatusRecord> records;
  for (auto& [key, record] : records_) {
    const Repository& repository = key.repository == from ? to : key.repository;
    records.emplace(StatusKey{repository, key.commit, key.key}, std::move(record));
  }
  records_ = std::move(records);
}

std::vector<KeyedRecord> BitbucketRecords::of_commit(const std::string& commit) const {
  std::vector<KeyedRecord> found;
  for (const auto& [key, record] : records_) {
    if (key.commit == commit) found.emplace_back(key, record);
  }
  std::stable_sort(found.begin(), found.end(), [](const KeyedRecord& a, const KeyedRecord& b) {
    return a.second.updated > b.second.updated;
  });
  return found;
}

std::vector<StatusRecord> BitbucketRecords::shown(const Repository& repository,
                                                  const std::string& commit) const {
  std::vector<StatusRecord> found;
  for (const Repository& place : {repository, Repository{}}) {
    auto record = records_.lower_bound(StatusKey{place, commit, ""});
    for (; record != records_.end(); ++record) {
      if (record->first.repository != place || record->first.commit != commit) break;
      found.push_back(record->second);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const StatusRecord& a, const StatusRecord& b) { return a.status.key < b.status.key; });
  return found;
}

/// Under which key a record is kept: where both endpoints share one, that of the repository if there is one.
StatusKey BitbucketRecords::kept_as(const StatusKey& key) const {
  if (!settings_.shares_records) return key;
  const auto shared = std::find_if(records_.begin(), records_.end(), [&](const auto& kept) {
    return kept.first.commit == key.commit && kept.first.key == key.key &&
           (kept.first.repository == Repository{} || key.repository == Repository{});
  });
  return shared == records_.end() ? key : shared->first;
}

}  // namespace connector::support
