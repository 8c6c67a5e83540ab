// --adopt: brings up to date what the Ruby daemon left behind, records on the legacy endpoint under the keys
// that the repository-scoped one uses now, which nobody else would ever touch again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/saved_state.hh"
#include "pass/bitbucket_session.hh"
#include "pass/outcome.hh"

namespace connector::pass {

class Adoption {
 public:
  /// All must outlive this, and this the engine's run().
  Adoption(BitbucketSession& session, SavedState& state, Counts& counts, Causes& causes)
      : session_(session), state_(state), counts_(counts), causes_(causes) {}
  Adoption(const Adoption&) = delete;
  Adoption& operator=(const Adoption&) = delete;
  ~Adoption() = default;

  /// Queues a reading of the legacy records of each commit that Bitbucket was told of in full, and a post
  /// there for each key that shows something else; `now` is Buildkite's clock. A server that keeps one record
  /// for both endpoints shows what it was told, so that nothing is posted. What is still open is only
  /// counted: its record would be out of date again when it ends. To be called when the outbox is delivered;
  /// the engine's run() does the work.
  void queue(Timestamp now);

 private:
  void read(const std::string& commit, const std::vector<std::size_t>& positions);
  void take_records(const std::vector<std::size_t>& positions, const http::Outcome& outcome);
  void post(std::size_t position);

  BitbucketSession& session_;
  SavedState& state_;
  Counts& counts_;
  Causes& causes_;
  Timestamp now_{};
};

}  // namespace connector::pass
