// Takes builds, as Buildkite shows them, into the ledger.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/build.hh"
#include "core/ledger.hh"
#include "core/verdict.hh"
#include "pass/outcome.hh"
#include "report/log.hh"

namespace connector::pass {

class Intake {
 public:
  Intake(const Rules& rules, Ledger& ledger, Counts& counts, const report::Log& log)
      : rules_(rules), ledger_(ledger), counts_(counts), log_(log) {}

  void take(const Build& build);

  /// Pipelines whose repository is on a host that is neither ours nor a public service, with that host.
  [[nodiscard]] const std::map<std::string, std::string>& unmatched() const noexcept { return unmatched_; }
  /// Words for build states that this version does not know.
  [[nodiscard]] const std::set<std::string>& unknown_states() const noexcept { return unknown_states_; }

 private:
  void note_other_repository(const Pipeline& pipeline);

  const Rules& rules_;
  Ledger& ledger_;
  Counts& counts_;
  const report::Log& log_;
  std::map<std::string, std::string> unmatched_;
  std::set<std::string> unknown_states_;
};

}  // namespace connector::pass
