// The part of --check that talks to Bitbucket: which repository does each pipeline belong to, may the account
// report there, and does somebody send what merge checks wait for.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/buildkite_check.hh"
#include "check/finding.hh"
#include "core/build.hh"
#include "core/delivery.hh"
#include "core/repository_map.hh"
#include "http/engine.hh"
#include "pass/settings.hh"

namespace connector::check {

class BitbucketCheck {
 public:
  /// All must outlive this. `learned` is what passes have found out about repositories; what is found here is
  /// added to it.
  BitbucketCheck(const pass::Settings& settings, RepositoryMap& learned, http::Engine& engine,
                 Findings& findings)
      : settings_(settings), map_(learned), engine_(engine), findings_(findings) {}
  BitbucketCheck(const BitbucketCheck&) = delete;
  BitbucketCheck& operator=(const BitbucketCheck&) = delete;
  ~BitbucketCheck() = default;

  /// Looks at Bitbucket with the eyes of these pipelines, one request at a time; posts nothing. A login that
  /// passes do not try any more is tried once.
  void look(const RecentPipelines& pipelines);

  /// Whether Bitbucket took the login.
  [[nodiscard]] bool login_works() const noexcept { return login_works_; }

 private:
  [[nodiscard]] Timestamp now() const;
  bool look_at_server();
  void place_all(const RecentPipelines& pipelines);
  std::optional<Repository> place(const SeenPipeline& seen);
  std::optional<Repository> place_in_other_shard(const SeenPipeline& seen);
  bool ask_about_host(const Pipeline& pipeline);
  void look_at_repository(const Repository& repository, const std::vector<const SeenPipeline*>& pipelines);
  void look_at_required_builds(const Repository& repository,
                               const std::vector<const SeenPipeline*>& pipelines);
  void note_login();
  bool is_fatal(const std::string& subject, const Delivery& delivery);

  const pass::Settings& settings_;
  RepositoryMap& map_;
  http::Engine& engine_;
  Findings& findings_;
  bool required_builds_ = false;  // the server has the merge check for what we post
  bool login_works_ = false;
  bool stopped_ = false;
};

}  // namespace connector::check
