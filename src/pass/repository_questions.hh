// Asks Bitbucket about repositories: whether a host that clone URLs name is the server's own, and whether an
// old name of a repository still leads to its new one.
#pragma once

#include <set>
#include <string>

#include "core/place/repository_map.hh"
#include "pass/bitbucket_session.hh"
#include "pass/intake.hh"

namespace connector::pass {

class RepositoryQuestions {
 public:
  /// All must outlive this, and this the engine's run().
  RepositoryQuestions(BitbucketSession& session, SavedState& state, Intake& intake)
      : session_(session), state_(state), intake_(intake) {}
  RepositoryQuestions(const RepositoryQuestions&) = delete;
  RepositoryQuestions& operator=(const RepositoryQuestions&) = delete;
  ~RepositoryQuestions() = default;

  /// Queues a question for each host of which builds wait for it, and for each repository among
  /// `to_be_posted` (positions in the ledger) whose rename has grown old; `now` is Buildkite's clock. Each is
  /// asked once in a pass. The answers to the first kind put the builds that waited into the ledger. False
  /// when there is nothing to ask.
  bool begin_round(const std::vector<std::size_t>& to_be_posted, Timestamp now);

 private:
  /// Whether a redirect to another repository leads to one more question. One is enough.
  enum class Redirects { followed, final };

  bool ask_about_hosts();
  bool ask_about_renames(const std::vector<std::size_t>& to_be_posted);
  void ask_about(const CloneUrl& url, Redirects redirects);
  void take_links(const CloneUrl& url, Redirects redirects, const http::Outcome& outcome);
  void take_rename(const Repository& old_name, const http::Outcome& outcome);

  BitbucketSession& session_;
  SavedState& state_;
  Intake& intake_;
  Timestamp now_{};
  std::set<std::string> hosts_asked_;
  std::set<Repository> renames_asked_;
};

}  // namespace connector::pass
