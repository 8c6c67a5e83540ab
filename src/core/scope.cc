#include "core/scope.hh"

#include <algorithm>

#include "core/clone_url.hh"
#include "core/text.hh"

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

}  // namespace

bool passes_filters(const Build& build, const Scope& scope) {
  const bool own = !scope.own_pipeline.empty() && build.pipeline.slug == scope.own_pipeline;
  return !(own && build.source == "schedule") &&
         chosen(scope.pipelines, scope.exclude_pipelines, build.pipeline.slug) &&
         chosen(scope.branches, scope.exclude_branches, build.branch);
}

std::optional<Repository> repository_of(const Pipeline& pipeline, const Scope& scope) {
  const auto is_ours = [&](const std::string& host) {
    return std::find(scope.known_hosts.begin(), scope.known_hosts.end(), host) != scope.known_hosts.end();
  };
  auto url = parse_clone_url(pipeline.repository);
  if (url && is_ours(url->host)) return std::move(url->repository);
  if (scope.report_unmatched) return Repository{};
  return std::nullopt;
}

}  // namespace connector
