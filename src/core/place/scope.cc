#include "core/place/scope.hh"

#include <algorithm>

#include "core/place/clone_url.hh"
#include "core/place/host.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return glob_matches(pattern, text); });
}

bool chosen(const std::vector<std::string>& include, const std::vector<std::string>& exclude,
            std::string_view text) {
  return (include.empty() || any_matches(include, text)) && !any_matches(exclude, text);
}

bool is_known(const CloneUrl& url, const Scope& scope) {
  if (std::find(scope.known_hosts.begin(), scope.known_hosts.end(), url.host) != scope.known_hosts.end())
    return true;
  const std::string place = place_of(url);
  return place == scope.home || (!url.over_http && place == scope.home.substr(0, scope.home.find('/')));
}

}  // namespace

bool passes_filters(const Build& build, const Scope& scope) {
  const bool own = !scope.own_pipeline.empty() && build.pipeline.slug == scope.own_pipeline;
  return !(own && build.source == "schedule") &&
         chosen(scope.pipelines, scope.exclude_pipelines, build.pipeline.slug) &&
         chosen(scope.branches, scope.exclude_branches, build.branch) &&
         chosen(scope.sources, scope.exclude_sources, build.source);
}

Placement placement_of(const Pipeline& pipeline, const Scope& scope, const RepositoryMap& map,
                       Timestamp now) {
  using Kind = Placement::Kind;
  const auto url = parse_clone_url(pipeline.repository);
  Placement elsewhere{scope.report_unmatched ? Kind::reported : Kind::elsewhere};
  if (!url) return elsewhere;
  Placement ours{Kind::reported, present_name(map, url->repository)};
  if (is_known(*url, scope)) return ours;
  if (is_cloud_host(url->host)) return elsewhere;
  switch (standing_of(*url, map, now)) {
    case HostStanding::ours:
      return ours;
    case HostStanding::elsewhere:
      return elsewhere;
    case HostStanding::to_be_asked:
      break;
  }
  return {Kind::to_be_asked};
}

}  // namespace connector
