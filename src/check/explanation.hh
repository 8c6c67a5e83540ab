// --explain: why a commit shows what it shows. What Buildkite has, which build decides, what Bitbucket was
// told and what it shows, and what the next pass would do about it. Posts nothing and changes nothing.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bitbucket/answers.hh"
#include "core/build/build.hh"
#include "core/exit_status.hh"
#include "core/ledger/ledger.hh"
#include "core/saved_state.hh"
#include "core/verdict.hh"
#include "http/engine.hh"
#include "pass/settings.hh"

namespace connector::check {

class Explanation {
 public:
  /// All must outlive this. `tell` gets one line at a time, without its end.
  Explanation(const pass::Settings& settings, const SavedState& state, http::Engine& engine,
              std::function<void(const std::string&)> tell)
      : settings_(settings), state_(state), engine_(engine), tell_(std::move(tell)) {}

  /// Explains a commit, given as a full id in lower case. Returns what kept it from asking, else ok.
  ExitStatus explain(const std::string& commit);

 private:
  std::optional<std::vector<Build>> read_builds(const std::string& commit);
  void tell_build(const Build& build);
  void observe_steps(const Build& build, const Sighting& sighting, const Verdict& verdict);
  void tell_status(const StatusKey& key);
  void tell_ledger(const LedgerEntry* entry);
  void tell_records(const StatusKey& key);
  void tell_record(std::string_view endpoint, const bitbucket::Record* record);
  void tell_next_pass(const StatusKey& key);

  const pass::Settings& settings_;
  const SavedState& state_;
  http::Engine& engine_;
  std::function<void(const std::string&)> tell_;
  Timestamp now_{};
  Ledger next_;                                                   // as the next pass would have it
  std::map<StatusKey, std::vector<const Build*>> builds_;         // that bear on a key, newest first
  std::optional<std::vector<bitbucket::Record>> legacy_records_;  // of the commit
  ExitStatus status_ = ExitStatus::ok;
};

}  // namespace connector::check
