#include "core/clone_url.hh"

#include <utility>
#include <vector>

#include "core/repository_path.hh"
#include "core/text.hh"

namespace connector {
namespace {

struct Parts {
  std::string_view host;
  std::string_view path;  // without leading slash, query and fragment
  bool http = false;
};

std::string_view without_port(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

std::optional<Parts> split(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) {  // scp form: [user@]host:path
    const auto colon = url.find(':');
    if (colon == std::string_view::npos || url.find('/') < colon) return std::nullopt;
    auto path = url.substr(colon + 1);
    while (path.starts_with('/')) path.remove_prefix(1);
    return Parts{without_port(url.substr(0, colon)), path, false};
  }
  const std::string scheme = ascii_lower(url.substr(0, scheme_end));
  const bool http = scheme == "https" || scheme == "http";
  if (!http && scheme != "ssh") return std::nullopt;
  const auto rest = url.substr(scheme_end + 3);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return Parts{without_port(rest.substr(0, slash)), rest.substr(slash + 1), http};
}

/// Index of the segment after which project and slug follow: the last "scm" that leaves exactly two (a
/// context path may itself hold one). Nothing when there is none.
std::optional<std::size_t> find_scm(const std::vector<std::string_view>& parts) {
  if (parts.size() < 3 || parts[parts.size() - 3] != "scm") return std::nullopt;
  return parts.size() - 3;
}

}  // namespace

std::optional<CloneUrl> parse_clone_url(std::string_view url) {
  const auto parts = split(url);
  if (!parts || parts->host.empty()) return std::nullopt;
  const auto path = path_segments(parts->path);
  std::optional<CloneUrl> found;
  if (!parts->http) {
    if (path.size() != 2) return std::nullopt;
    if (auto named = repository_named(path[0], path[1])) found = CloneUrl{{}, {}, *named};
  } else if (const auto scm = find_scm(path)) {
    if (auto named = repository_named(path[*scm + 1], path[*scm + 2]))
      found = CloneUrl{{}, path_of(path, *scm), *named};
  } else if (auto web = parse_repository_path(parts->path)) {
    found = CloneUrl{{}, std::move(web->context), std::move(web->repository)};
  }
  if (found) found->host = ascii_lower(parts->host);
  return found;
}

std::string host_of(std::string_view url) {
  const std::string with_path = std::string(url) + "/";
  const auto parts = split(with_path);
  return parts ? ascii_lower(parts->host) : std::string();
}

}  // namespace connector
