#include "pass/settings.hh"

#include "core/clone_url.hh"

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
  settings.rules.presentation = {config.states, config.status};
  settings.rules.overrides = config.overrides;
  settings.rules.separate_pull_requests = config.separate_pull_requests;
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

Identity identity_of(const config::Config& config) {
  return {config.buildkite.organization, config.buildkite.connection.url, config.bitbucket.connection.url};
}

}  // namespace connector::pass
