#include "pass/condition_warnings.hh"

#include <algorithm>
#include <string>

#include "core/text/duration.hh"

namespace connector::pass {

void ConditionWarnings::tell(StandingWarnings warnings) {
  warn_about_pipelines(warnings);
  warn_about_lag(warnings);
  warn_about_repositories(warnings);
  if (found_.counts.unreadable > 0 && warnings.due("unreadable")) {
    log_.warn(
        "records of Buildkite's answers could not be read and were left out; --log-level=info names them",
        {{"records", std::to_string(found_.counts.unreadable)}});
    causes_.add(ExitStatus::incomplete);
  }
}

/// One that refuses statuses is parked alone; when all do, it is the account.
void ConditionWarnings::warn_about_repositories(StandingWarnings& warnings) {
  const auto& closed = found_.posting.closed_repositories();
  for (const auto& [repository, delivery] : closed) {
    const std::string name =
        repository == Repository{} ? "the old endpoint" : repository.project + "/" + repository.slug;
    if (!warnings.due("closed:" + name)) continue;
    log_.warn(
        "a repository takes no statuses, so nothing is sent there for a while; give the account the "
        "permission to read it, or correct the clone URL of its pipelines: " +
            delivery.text,
        {{"repository", name}});
    causes_.add(ExitStatus::incomplete);
  }
  const auto forbidden = std::count_if(closed.begin(), closed.end(), [](const auto& row) {
    return row.second.result == DeliveryResult::not_permitted;
  });
  if (forbidden < 2 || found_.counts.posted > 0) return;
  log_.error(
      "the account may report on none of the repositories that were tried; give it the permission to "
      "read them",
      {{"repositories", std::to_string(forbidden)}});
  causes_.add(ExitStatus::no_permission);
}

/// Nobody documents how late a build may become visible, so it is measured. The overlap makes up for it, the
/// sweeps for what is later still.
void ConditionWarnings::warn_about_lag(StandingWarnings& warnings) {
  if (found_.intake.lag() <= overlap_ / 3 || !warnings.due("lag")) return;
  log_.warn("Buildkite showed a build late; if this happens often, raise sync.overlap",
            {{"lag", duration_in_words(found_.intake.lag())}, {"overlap", duration_in_words(overlap_)}});
}

void ConditionWarnings::warn_about_pipelines(StandingWarnings& warnings) {
  for (const auto& pipeline : found_.rereading.hidden_pipelines()) {
    if (!warnings.due("hidden:" + pipeline)) continue;
    log_.warn("Buildkite has not shown the pipeline for a day, so its open builds are reported as gone",
              {{"pipeline", pipeline}});
  }
  for (const auto& [pipeline, host] : found_.intake.unmatched()) {
    if (!warnings.due("unmatched:" + pipeline)) continue;
    log_.warn(
        "the pipeline's repository is not on the Bitbucket server, so its builds are not reported; if this is "
        "another name of the same server, add it to bitbucket.repository_hosts",
        {{"pipeline", pipeline}, {"host", host.empty() ? "(none)" : host}});
  }
  for (const auto& word : found_.intake.unknown_states()) {
    if (!warnings.due("state:" + word)) continue;
    log_.warn("Buildkite shows a build state that this version does not know; it is reported as UNKNOWN",
              {{"state", word}});
  }
}

}  // namespace connector::pass
