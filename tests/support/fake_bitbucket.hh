// Bitbucket Server's REST API as far as this project uses it: build statuses on both endpoints, what the
// server can do, repositories. It keeps one record per repository, commit and key like the real one, and
// tells tests what a reviewer would see.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/build_status.hh"
#include "support/bitbucket_login.hh"
#include "support/fake_message.hh"
#include "support/posted_status.hh"
#include "support/token_bucket.hh"

namespace connector::support {

/// What distinguishes the versions for us.
struct BitbucketProfile {
  std::string version;
  bool repository_builds = false;  ///< the repository-scoped endpoint
  bool capabilities = false;       ///< build/capabilities, reading and deleting by key, required builds
  bool cancelled_state = false;    ///< CANCELLED and UNKNOWN
};

BitbucketProfile bitbucket_5();
BitbucketProfile bitbucket_7_4();
BitbucketProfile bitbucket_7();
BitbucketProfile bitbucket_8();
BitbucketProfile bitbucket_10();

/// How the server takes a status for a commit the repository does not have; which of them holds is not
/// published.
enum class UnknownCommit { accepted, bad_request, not_found };

struct BitbucketSettings {
  BitbucketProfile profile = bitbucket_8();
  Credentials credentials;
  std::string base_url = "https://bitbucket.example.com";  ///< in clone links, with the context path
  std::string context_path;                                ///< such as "/bitbucket"; empty for none
  UnknownCommit unknown_commit = UnknownCommit::accepted;
  bool refuses_four_byte_characters = false;  ///< 500, as on MySQL
  bool maintenance = false;                   ///< 503 for everything but /status
  bool unlicensed = false;                    ///< the account may not report on the old endpoint
  /// One record per commit and key for both endpoints: a post on either replaces what came by the other. Else
  /// each endpoint keeps its own. Which of them holds is not published.
  bool shares_records = false;
};

class FakeBitbucket {
 public:
  explicit FakeBitbucket(Clock clock, BitbucketSettings settings = {});

  FakeAnswer handle(const FakeRequest& request);

  /// To be changed by tests between requests.
  [[nodiscard]] BitbucketSettings& settings() noexcept { return settings_; }
  [[nodiscard]] BitbucketLogin& login() noexcept { return login_; }

  void add_repository(std::string_view project, std::string_view slug);
  /// A commit that the repository has; asked for only when settings().unknown_commit says so.
  void add_commit(std::string_view project, std::string_view slug, std::string_view commit);
  /// The account loses its right on a repository, which stays.
  void forbid(std::string_view project, std::string_view slug);
  /// The repository goes on under another name; what is asked of the old one is redirected.
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
  struct HostedRepository {
    std::set<std::string> commits;
    std::vector<std::vector<std::string>> required_builds;
    bool permitted = true;
    bool archived = false;
  };

  FakeAnswer rest(const FakeRequest& request, const std::vector<std::string>& path, const Target& target);
  FakeAnswer repository_resource(const FakeRequest& request, const std::vector<std::string>& path,
                                 const Target& target);
  FakeAnswer builds(const FakeRequest& request, const StatusKey& place, const Target& target);
  FakeAnswer legacy_builds(const FakeRequest& request, const std::string& commit, const Target& target);
  [[nodiscard]] FakeAnswer legacy_page(const std::string& commit, const Target& target) const;
  [[nodiscard]] std::optional<FakeAnswer> redirect(const FakeRequest& request,
                                                   const std::vector<std::string>& path) const;
  FakeAnswer required_builds(const std::vector<std::string>& path, const Target& target) const;
  [[nodiscard]] StatusKey place_of(const StatusKey& key) const;
  FakeAnswer store(const FakeRequest& request, StatusKey place);
  [[nodiscard]] std::optional<FakeAnswer> refuse_place(const Repository& repository) const;
  [[nodiscard]] std::optional<FakeAnswer> refuse_commit(const StatusKey& place) const;

  Clock clock_;
  BitbucketSettings settings_;
  BitbucketLogin login_;
  std::optional<TokenBucket> bucket_;
  std::map<Repository, HostedRepository> repositories_;
  std::map<Repository, Repository> renames_;
  std::map<StatusKey, StatusRecord>
      records_;  // as in StatusKey, an empty repository marks the old endpoint's
};

}  // namespace connector::support
