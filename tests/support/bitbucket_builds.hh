// Bitbucket's two endpoints for build statuses: the repository's, and the old one that names a commit alone.
#pragma once

#include <string>
#include <utility>

#include "core/build/build_status.hh"
#include "support/bitbucket_records.hh"
#include "support/bitbucket_repositories.hh"
#include "support/bitbucket_settings.hh"
#include "support/fake_message.hh"

namespace connector::support {

class BitbucketBuilds {
 public:
  /// All that is referred to must outlive this object.
  BitbucketBuilds(Clock clock, const BitbucketSettings& settings, const BitbucketRepositories& repositories,
                  BitbucketRecords& records)
      : clock_(std::move(clock)), settings_(settings), repositories_(repositories), records_(records) {}

  /// .../projects/{}/repos/{}/commits/{}/builds, for a repository that is there and may be read.
  FakeAnswer of_repository(const FakeRequest& request, const Repository& repository,
                           const std::string& commit, const Target& target);
  /// build-status/.../commits/{}
  FakeAnswer of_commit(const FakeRequest& request, const std::string& commit, const Target& target);

 private:
  FakeAnswer store(const FakeRequest& request, const Repository& repository, const std::string& commit);

  Clock clock_;
  const BitbucketSettings& settings_;
  const BitbucketRepositories& repositories_;
  BitbucketRecords& records_;
};

}  // namespace connector::support
