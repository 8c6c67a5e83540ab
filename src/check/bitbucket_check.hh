// The part of --check that talks to Bitbucket as a whole: the way to it, what it can do, whether it takes the
// login.
#pragma once

#include <string>
#include <vector>

#include "check/buildkite_check.hh"
#include "check/finding.hh"
#include "check/server.hh"
#include "core/peer/delivery.hh"
#include "core/peer/login_proof.hh"
#include "core/place/repository_map.hh"
#include "http/engine.hh"
#include "pass/settings.hh"

namespace connector::check {

/// What became of the one attempt to log in.
enum class Login { not_tried, taken, refused };

class BitbucketCheck {
 public:
  /// All must outlive this. `learned` is what passes have found out about repositories; what is found here is
  /// added to it.
  BitbucketCheck(const pass::Settings& settings, const Server& server, RepositoryMap& learned,
                 http::Engine& engine, Findings& findings)
      : settings_(settings), server_(server), map_(learned), engine_(engine), findings_(findings) {}
  BitbucketCheck(const BitbucketCheck&) = delete;
  BitbucketCheck& operator=(const BitbucketCheck&) = delete;
  ~BitbucketCheck() = default;

  /// Looks at Bitbucket with the eyes of these pipelines; posts nothing. A login that passes do not try any
  /// more is tried once.
  void look(const RecentPipelines& pipelines);

  [[nodiscard]] Login login() const noexcept { return outcome_; }
  /// The repositories that answered, under the names that were asked for.
  [[nodiscard]] const std::vector<Repository>& answering() const noexcept { return answering_; }

 private:
  bool look_at_server();
  bool look_at_login(const RecentPipelines& pipelines);
  bool look_at_endpoint();
  void look_at_repositories_of(const RecentPipelines& pipelines);
  [[nodiscard]] Timestamp now() const;
  bool judge_login(const Delivery& delivery, bool of_a_repository);
  void fail(const std::string& subject, const Delivery& delivery);

  const pass::Settings& settings_;
  const Server& server_;
  RepositoryMap& map_;
  http::Engine& engine_;
  Findings& findings_;
  LoginProof proof_;
  Login outcome_ = Login::not_tried;
  bool required_builds_ = false;  // the server has the merge check for what we post
  std::vector<Repository> answering_;
};

}  // namespace connector::check
