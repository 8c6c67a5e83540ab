#include "pass/settings.hh"

#include <algorithm>

#include "core/place/clone_url.hh"

namespace connector::pass {
namespace {

Secret login_of(const config::Bitbucket& bitbucket) {
  if (!bitbucket.token.empty()) return Secret("Bearer " + bitbucket.token.reveal());
  return Secret("Basic " + bitbucket.username + ":" + bitbucket.password.reveal());
}

/// The place of the clone URLs that this server hands out.
std::string home_of(const std::string& base_url) {
  const auto any = parse_clone_url(base_url + "/scm/any/any");
  return any ? place_of(*any) : host_of(base_url);
}

}  // namespace

Settings settings_of(const config::Config& config, std::uint64_t salt) {
  Settings settings;
  settings.rules.organization = config.buildkite.organization;
  settings.rules.shard = config.sync.shard;
  settings.rules.presentation = {config.states, config.status};
  settings.rules.overrides = config.overrides;
  settings.rules.separate_pull_requests = config.separate_pull_requests;
  settings.rules.per_step = config.per_step;
  constexpr unsigned per_page_with_jobs = 25;  // a build may have hundreds, and an answer is bounded
  if (config.per_step) settings.per_page = per_page_with_jobs;
  Scope& scope = settings.rules.scope;
  scope.pipelines = config.buildkite.pipelines;
  scope.exclude_pipelines = config.buildkite.exclude_pipelines;
  scope.branches = config.buildkite.branches;
  scope.exclude_branches = config.buildkite.exclude_branches;
  scope.sources = config.buildkite.sources;
  scope.exclude_sources = config.buildkite.exclude_sources;
  scope.home = home_of(config.bitbucket.connection.url);
  scope.known_hosts = config.bitbucket.repository_hosts;
  scope.own_pipeline = config.buildkite.own_pipeline;
  scope.report_unmatched = config.bitbucket.report_unmatched;
  settings.api = config.bitbucket.api;
  settings.initial_search_time = config.sync.initial_search_time;
  settings.overlap = config.sync.overlap;
  settings.keeps_state = config.state_file != "none";
  settings.login = login_of(config.bitbucket);
  settings.salt = salt;
  settings.parallel_posts = config.bitbucket.connections;
  return settings;
}

BuildQuery page_query(const Settings& settings) {
  BuildQuery query;
  query.per_page = settings.per_page;
  query.jobs = settings.rules.per_step;
  return query;
}

BuildQuery listing_query(const Settings& settings) {
  constexpr std::size_t most_branches = 20;  // in one URL
  const auto& branches = settings.rules.scope.branches;
  const bool are_names = std::all_of(branches.begin(), branches.end(), [](const std::string& branch) {
    return branch.find('*') == std::string::npos;
  });
  BuildQuery query = page_query(settings);
  if (are_names && branches.size() <= most_branches) query.branches = branches;
  return query;
}

Identity identity_of(const config::Config& config) {
  return {config.buildkite.organization, config.buildkite.connection.url, config.bitbucket.connection.url,
          config.sync.shard};
}

}  // namespace connector::pass
