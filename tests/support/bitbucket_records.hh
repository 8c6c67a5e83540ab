// The records a Bitbucket server keeps of build statuses, whichever endpoint they came by.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/build/build_status.hh"
#include "core/text/timestamp.hh"
#include "support/bitbucket_settings.hh"
#include "support/posted_status.hh"

namespace connector::support {

struct StatusRecord {
  PostedStatus status;
  Timestamp created{};
  Timestamp updated{};
  bool legacy = false;  ///< came by the old endpoint and belongs to the commit, whatever repository holds it
};

using KeyedRecord = std::pair<StatusKey, StatusRecord>;

/// As in StatusKey, an empty repository stands for the old endpoint's records. Names of repositories are
/// those of hosted_name(), commits are in lower case.
class BitbucketRecords {
 public:
  /// settings.shares_records, asked at every call, says whether both endpoints share a record.
  explicit BitbucketRecords(const BitbucketSettings& settings) : settings_(settings) {}

  /// Keeps a status that was posted for a commit of a repository, or by the old endpoint, instead of the one
  /// of the same key. A shared record belongs to the repository by whose endpoint it came last.
  void post(const Repository& repository, const std::string& commit, PostedStatus status, Timestamp now);
  /// The record under a key; nothing when there is none.
  [[nodiscard]] const std::pair<const StatusKey, StatusRecord>* find(const StatusKey& key) const;
  /// False when there is none.
  bool remove(const StatusKey& key);
  /// What belongs to a repository goes on under another name of it.
  void rename(const Repository& from, const Repository& to);

  /// All records of a commit, the newest first.
  [[nodiscard]] std::vector<KeyedRecord> of_commit(const std::string& commit) const;
  /// What is shown on a commit of a repository: its own records and those of the old endpoint, by key.
  [[nodiscard]] std::vector<StatusRecord> shown(const Repository& repository,
                                                const std::string& commit) const;
  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }

 private:
  [[nodiscard]] StatusKey kept_as(const StatusKey& key) const;

  const BitbucketSettings& settings_;
  std::map<StatusKey, StatusRecord> records_;
};

}  // namespace connector::support
