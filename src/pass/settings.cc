#include "pass/settings.hh"

#include "core/clone_url.hh"

namespace connector::pass {

Settings settings_of(const config::Config& config) {
  Settings settings;
  settings.rules.organization = config.buildkite.organization;
  settings.rules.states = config.states;
  settings.rules.templates = config.status;
  Scope& scope = settings.rules.scope;
  scope.pipelines = config.buildkite.pipelines;
  scope.exclude_pipelines = config.buildkite.exclude_pipelines;
  scope.branches = config.buildkite.branches;
  scope.exclude_branches = config.buildkite.exclude_branches;
  scope.known_hosts = {host_of(config.bitbucket.connection.url)};
  for (const auto& host : config.bitbucket.repository_hosts) scope.known_hosts.push_back(host);
  scope.own_pipeline = config.buildkite.own_pipeline;
  scope.report_unmatched = config.bitbucket.report_unmatched;
  settings.api = config.bitbucket.api;
  settings.initial_search_time = config.sync.initial_search_time;
  settings.overlap = config.sync.overlap;
  settings.keeps_state = config.state_file != "none";
  settings.parallel_posts = config.bitbucket.connections;
  return settings;
}

Identity identity_of(const config::Config& config) {
  return {config.buildkite.organization, config.buildkite.connection.url, config.bitbucket.connection.url};
}

}  // namespace connector::pass
