#include "check/recent_pipelines.hh"

#include <utility>
#include <variant>

#include "buildkite/builds_answer.hh"
#include "buildkite/builds_request.hh"
#include "check/asking.hh"
#include "core/status_text.hh"
#include "core/walk.hh"

namespace connector::check {
namespace {

constexpr unsigned most_pages = 5;

void note(RecentPipelines& pipelines, const Build& build, const Rules& rules) {
  if (!passes_filters(build, rules.scope)) return;
  SeenPipeline& seen =
      pipelines.try_emplace(build.pipeline.slug, SeenPipeline{build.pipeline, {}}).first->second;
  seen.parents.insert(
      compose_status(build, BitbucketState::successful, rules.templates, rules.organization).parent);
}

}  // namespace

std::optional<RecentPipelines> read_recent_pipelines(const pass::Settings& settings, http::Engine& engine,
                                                     Findings& findings) {
  const std::string subject = "Buildkite builds";
  RecentPipelines pipelines;
  BuildQuery query;
  query.per_page = settings.per_page;
  Walk walk(query);
  std::size_t builds = 0;
  for (unsigned page = 0; page < most_pages && walk.goes_on(); ++page) {
    const auto answer = buildkite::read_builds(
        ask(engine, buildkite::builds_request(settings.rules.organization, walk.next())));
    if (const auto* none = std::get_if<buildkite::NoPage>(&answer)) {
      findings.fail(subject, none->text, none->cause);
      return std::nullopt;
    }
    const auto& read = std::get<buildkite::BuildsPage>(answer);
    for (const Build* build : walk.take(read.builds, read.records(), read.server_says_more)) {
      ++builds;
      note(pipelines, *build, settings.rules);
    }
  }
  const std::string found = "the newest " + std::to_string(builds) + " belong to " +
                            std::to_string(pipelines.size()) + " pipelines that are to be reported";
  if (pipelines.empty()) {
    findings.warn(subject, found + "; look at buildkite.organization and the filters in [buildkite]");
  } else {
    findings.ok(subject, found);
  }
  return pipelines;
}

}  // namespace connector::check
