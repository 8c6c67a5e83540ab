// Bitbucket Server's REST API as far as this project uses it: build statuses on both endpoints, what the
// server can do, repositories. It keeps one record per repository, commit and key like the real one, and
// tells tests what a reviewer would see.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/bitbucket_builds.hh"
#include "support/bitbucket_login.hh"
#include "support/bitbucket_records.hh"
#include "support/bitbucket_repositories.hh"
#include "support/bitbucket_settings.hh"
#include "support/fake_message.hh"
#include "support/token_bucket.hh"

namespace connector::support {

class FakeBitbucket {
 public:
  explicit FakeBitbucket(Clock clock, BitbucketSettings settings = {});
  FakeBitbucket(const FakeBitbucket&) = delete;
  FakeBitbucket& operator=(const FakeBitbucket&) = delete;

  FakeAnswer handle(const FakeRequest& request);

  /// To be changed by tests between requests.
  [[nodiscard]] BitbucketSettings& settings() noexcept { return settings_; }
  [[nodiscard]] BitbucketLogin& login() noexcept { return login_; }

  void add_repository(std::string_view project, std::string_view slug);
  /// A commit that the repository has; asked for only when settings().unknown_commit says so.
  void add_commit(std::string_view project, std::string_view slug, std::string_view commit);
  /// The account loses its right on a repository, which stays.
  void forbid(std::string_view project, std::string_view slug);
  /// The account gets it back.
  void permit(std::string_view project, std::string_view slug);
  /// The repository goes on under another name; what is asked of the old one is redirected. Throws
  /// std::logic_error when there is no such repository or the new name is taken.
  void rename(std::string_view project, std::string_view slug, std::string_view new_project,
              std::string_view new_slug);
  /// The repository becomes read-only.
  void archive(std::string_view project, std::string_view slug);
  /// A merge check that waits for builds with these parents.
  void require_builds(std::string_view project, std::string_view slug, std::vector<std::string> parents);
  void limit_rate(double capacity, double per_second) { bucket_.emplace(capacity, per_second); }
  void lift_rate_limit() { bucket_.reset(); }

  /// What a reviewer sees on a commit of a repository: its own records and those of the old endpoint, by key.
  [[nodiscard]] std::vector<StatusRecord> shown(std::string_view project, std::string_view slug,
                                                std::string_view commit) const;
  /// The state a reviewer sees under a key; empty when there is none.
  [[nodiscard]] std::string shown_state(std::string_view project, std::string_view slug,
                                        std::string_view commit, std::string_view key) const;
  [[nodiscard]] std::size_t record_count() const noexcept { return records_.size(); }

 private:
  FakeAnswer rest(const FakeRequest& request, const std::vector<std::string>& path, const Target& target);
  FakeAnswer repository_resource(const FakeRequest& request, const std::vector<std::string>& path,
                                 const Target& target);
  [[nodiscard]] std::optional<FakeAnswer> redirect(const FakeRequest& request,
                                                   const std::vector<std::string>& path) const;

  Clock clock_;
  BitbucketSettings settings_;
  BitbucketLogin login_;
  std::optional<TokenBucket> bucket_;
  BitbucketRepositories repositories_{settings_};
  BitbucketRecords records_{settings_};
  BitbucketBuilds builds_{clock_, settings_, repositories_, records_};
};

}  // namespace connector::support
