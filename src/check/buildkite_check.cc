#include "check/buildkite_check.hh"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "buildkite/access_token.hh"
#include "buildkite/builds_answer.hh"
#include "buildkite/builds_request.hh"
#include "check/asking.hh"
#include "core/build/status_text.hh"
#include "core/listing/walk.hh"

namespace connector::check {
namespace {

constexpr unsigned most_pages = 5;

void note(RecentPipelines& pipelines, const Build& build, const Rules& rules) {
  if (!passes_filters(build, rules.scope)) return;
  SeenPipeline& seen =
      pipelines.try_emplace(build.pipeline.slug, SeenPipeline{build.pipeline, {}}).first->second;
  const StatusTemplates templates = presentation_of(build.pipeline.slug, rules).templates;
  seen.parents.insert(
      compose_status(build, BitbucketState::successful, templates, rules.organization).parent);
}

constexpr std::string_view builds_step = "Buildkite builds";
constexpr std::string_view new_token =
    "make one with it at https://buildkite.com/user/api-access-tokens and set BUILDKITE_API_TOKEN or "
    "buildkite.token";

/// Whether builds may be read.
bool look_at_scopes(const buildkite::AccessToken& token, const Server& server, Timestamp now,
                    Findings& findings) {
  const std::string subject = server.step("token");
  const bool may_read =
      std::find(token.scopes.begin(), token.scopes.end(), "read_builds") != token.scopes.end();
  if (!may_read) {
    findings.fail(subject, "lacks the scope read_builds; " + std::string(new_token),
                  ExitStatus::no_permission);
    return false;
  }
  const std::string end =
      token.expires_at ? "expires at " + format_seconds(*token.expires_at) : "does not expire";
  if (buildkite::expires_soon(token, now)) {
    findings.warn(subject, end + "; replace it in time (BUILDKITE_API_TOKEN, buildkite.token)");
  } else {
    findings.ok(subject, "has the scope read_builds and " + end);
  }
  return true;
}

/// Whether it is worth while to ask for builds.
bool look_at_token(const Server& server, http::Engine& engine, Findings& findings) {
  const auto outcome = ask(engine, buildkite::access_token_request());
  if (!look_at_way(server, outcome, engine, findings)) {
    findings.skip(server.step("token"));
    return false;
  }
  const auto answer = buildkite::read_access_token(outcome);
  if (const auto* none = std::get_if<buildkite::NoPage>(&answer)) {
    const bool refused = none->cause == ExitStatus::no_permission;
    findings.fail(server.step("token"),
                  none->text + (refused ? "; " + std::string(origin_of_credential) : ""), none->cause);
    return false;
  }
  const Timestamp now = engine.date(server.peer).value_or(server.local_now());
  return look_at_scopes(std::get<buildkite::AccessToken>(answer), server, now, findings);
}

RecentPipelines read_recent_pipelines(const pass::Settings& settings, http::Engine& engine,
                                      Findings& findings) {
  const std::string subject(builds_step);
  RecentPipelines pipelines;
  Walk walk(pass::listing_query(settings));
  std::size_t builds = 0;
  for (unsigned page = 0; page < most_pages && walk.goes_on(); ++page) {
    const auto answer = buildkite::read_builds(
        ask(engine, buildkite::builds_request(settings.rules.organization, walk.next())));
    if (const auto* none = std::get_if<buildkite::NoPage>(&answer)) {
      if (engine.accepting()) {
        findings.fail(subject, none->text, none->cause);
      } else {
        findings.skip(page == 0 ? subject : "older builds");
      }
      return pipelines;
    }
    const auto& read = std::get<buildkite::BuildsPage>(answer);
    for (const Build* build : walk.take(read.builds, read.records(), read.server_says_more)) {
      ++builds;
      note(pipelines, *build, settings.rules);
    }
  }
  const Shard& shard = settings.rules.shard;
  const auto ours = std::count_if(pipelines.begin(), pipelines.end(),
                                  [&](const auto& row) { return has_pipeline(shard, row.first); });
  std::string found = "the newest " + std::to_string(builds) + " belong to " +
                      std::to_string(pipelines.size()) + " pipelines that are to be reported";
  if (shard != Shard{}) found += ", " + std::to_string(ours) + " of them by this shard, " + text_of(shard);
  if (pipelines.empty()) {
    findings.warn(
        subject,
        found + "; look at buildkite.organization and the filters in [buildkite], or wait for a first build");
  } else {
    findings.ok(subject, found);
  }
  return pipelines;
}

}  // namespace

RecentPipelines look_at_buildkite(const pass::Settings& settings, const Server& server, http::Engine& engine,
                                  Findings& findings) {
  if (look_at_token(server, engine, findings)) return read_recent_pipelines(settings, engine, findings);
  findings.skip(std::string(builds_step));
  return {};
}

}  // namespace connector::check
