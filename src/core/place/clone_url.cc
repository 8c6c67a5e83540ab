#include "core/place/clone_url.hh"

#include <utility>
#include <vector>

#include "core/place/git_address.hh"
#include "core/place/repository_path.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

using Segments = std::vector<std::string>;

/// [/context]/scm/P/r. The last "scm" counts: the context may hold one, or a project be called so.
std::optional<RepositoryPath> parse_scm_path(const Segments& segments) {
  if (segments.size() < 3) return std::nullopt;
  const std::size_t scm = segments.size() - 3;
  if (segments[scm] != "scm") return std::nullopt;
  auto context = context_path(segments, scm);
  auto named = repository_named(segments[scm + 1], segments[scm + 2]);
  if (!context || !named) return std::nullopt;
  return RepositoryPath{std::move(*context), std::move(*named)};
}

/// A path may be read both ways: /projects/scm/repos/r is the page of a project called so, and the page of a
/// file may hold an scm/; ".git" is no page's end.
std::optional<RepositoryPath> parse_http_path(const Segments& segments) {
  auto web = parse_repository_path(segments);
  if (web && !ascii_lower(segments.back()).ends_with(".git")) return web;
  auto scm = parse_scm_path(segments);
  return scm ? std::move(scm) : std::move(web);
}

}  // namespace

std::optional<CloneUrl> parse_clone_url(std::string_view url) {
  auto address = parse_git_address(url);
  if (!address) return std::nullopt;
  const Segments& segments = address->segments;
  if (address->over_http) {
    auto path = parse_http_path(segments);
    if (!path) return std::nullopt;
    return CloneUrl{std::move(address->host), std::move(path->context), std::move(path->repository), true};
  }
  if (segments.size() != 2) return std::nullopt;
  auto named = repository_named(segments[0], segments[1]);
  if (!named) return std::nullopt;
  return CloneUrl{std::move(address->host), {}, std::move(*named), false};
}

bool same_place(const CloneUrl& a, const CloneUrl& b) {
  const bool contexts_count = a.over_http && b.over_http;
  return a.host == b.host && (!contexts_count || a.context == b.context) &&
         same_repository(a.repository, b.repository);
}

std::string place_of(const CloneUrl& url) {
  return url.host + url.context;
}

std::string host_of(std::string_view url) {
  auto address = parse_git_address(url);
  return address ? std::move(address->host) : std::string();
}

}  // namespace connector
