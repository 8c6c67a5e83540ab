// The repositories a Bitbucket server hosts, under which names, and what it refuses to do with them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/build_status.hh"
#include "support/bitbucket_settings.hh"
#include "support/fake_message.hh"

namespace connector::support {

/// A repository's name as the server keeps it, which compares project keys and slugs without regard to case.
Repository hosted_name(std::string_view project, std::string_view slug);

struct HostedRepository {
  std::set<std::string> commits;
  std::vector<std::vector<std::string>> required_builds;  ///< by merge check: parents of builds
  bool permitted = true;                                  ///< to the account
  bool archived = false;                                  ///< read-only
};

/// All names are those of hosted_name().
class BitbucketRepositories {
 public:
  explicit BitbucketRepositories(const BitbucketSettings& settings) : settings_(settings) {}

  /// The repository of that name, a new one if there is none.
  HostedRepository& host(const Repository& name) { return repositories_[name]; }
  /// Nothing when there is none.
  [[nodiscard]] const HostedRepository* find(const Repository& name) const;

  /// The repository goes on under another name, to which all older ones lead. Throws std::logic_error when
  /// there is no such repository or the new name is taken.
  void rename(const Repository& from, const Repository& to);
  /// Where the repository of an old name is now; nothing for a name that is, or is again, a repository's.
  [[nodiscard]] std::optional<Repository> renamed(const Repository& name) const;

  /// 404 for a repository that is not there, 401 for one on which the account has no right.
  [[nodiscard]] std::optional<FakeAnswer> refuse_place(const Repository& name) const;
  /// What speaks against a status for a commit, of a repository or (an empty name) of any: 400 for what is no
  /// commit, 409 where the repository is archived, settings.unknown_commit.
  [[nodiscard]] std::optional<FakeAnswer> refuse_commit(const Repository& name,
                                                        const std::string& commit) const;

 private:
  const BitbucketSettings& settings_;
  std::map<Repository, HostedRepository> repositories_;
  std::map<Repository, Repository> renames_;
};

}  // namespace connector::support
