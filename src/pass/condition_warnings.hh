// What a pass found that lasts and that somebody should look at: pipelines on other servers, closed
// repositories, builds that are shown late, words this version does not know.
#pragma once

#include <chrono>

#include "pass/intake.hh"
#include "pass/outcome.hh"
#include "pass/posting.hh"
#include "pass/rereading.hh"
#include "pass/standing_warnings.hh"
#include "report/log.hh"

namespace connector::pass {

class ConditionWarnings {
 public:
  /// Where the findings are gathered.
  struct Findings {
    const Intake& intake;
    const Posting& posting;
    const Rereading& rereading;
    const Counts& counts;
  };

  ConditionWarnings(Findings found, std::chrono::milliseconds overlap, Causes& causes, const report::Log& log)
      : found_(found), overlap_(overlap), causes_(causes), log_(log) {}

  /// Prints what is due, and adds to the causes what a pass does not end with 0 for.
  void tell(StandingWarnings warnings);

 private:
  void warn_about_repositories(StandingWarnings& warnings);
  void warn_about_lag(StandingWarnings& warnings);
  void warn_about_pipelines(StandingWarnings& warnings);

  Findings found_;
  std::chrono::milliseconds overlap_;
  Causes& causes_;
  const report::Log& log_;
};

}  // namespace connector::pass
