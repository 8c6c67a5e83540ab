#include "core/clone_url.hh"

#include <algorithm>
#include <vector>

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

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> found;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) found.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return found;
}

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// Keys are kept in upper case by the server, "~user" as its owner wrote it, slugs in lower case.
std::optional<Repository> repository(std::string_view project, std::string_view slug) {
  if (slug.size() > 4 && ascii_lower(slug).ends_with(".git")) slug.remove_suffix(4);
  const bool personal = project.starts_with('~');
  if (!is_name(personal ? project.substr(1) : project) || !is_name(slug)) return std::nullopt;
  std::string key(project);
  if (!personal) {
    for (char& c : key) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
  }
  return Repository{key, ascii_lower(slug)};
}

/// Index of the segment after which project and slug follow: the last "scm" that leaves exactly two (a
/// context path may itself hold one). Nothing when there is none.
std::optional<std::size_t> find_scm(const std::vector<std::string_view>& parts) {
  if (parts.size() < 3 || parts[parts.size() - 3] != "scm") return std::nullopt;
  return parts.size() - 3;
}

std::string join(const std::vector<std::string_view>& parts, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append("/").append(parts[i]);
  return text;
}

/// .../projects/P/repos/r[/browse...] and .../users/u/repos/r, the addresses of the web pages.
std::optional<CloneUrl> web_address(const std::vector<std::string_view>& parts) {
  for (std::size_t i = 0; i + 3 < parts.size(); ++i) {
    const bool project = parts[i] == "projects";
    if ((!project && parts[i] != "users") || parts[i + 2] != "repos") continue;
    const std::string owner = project ? std::string(parts[i + 1]) : "~" + std::string(parts[i + 1]);
    if (auto found = repository(owner, parts[i + 3])) return CloneUrl{{}, join(parts, i), *found};
  }
  return std::nullopt;
}

}  // namespace

std::optional<CloneUrl> parse_clone_url(std::string_view url) {
  const auto parts = split(url);
  if (!parts || parts->host.empty()) return std::nullopt;
  const auto path = segments(parts->path);
  std::optional<CloneUrl> found;
  if (!parts->http) {
    if (path.size() != 2) return std::nullopt;
    if (auto named = repository(path[0], path[1])) found = CloneUrl{{}, {}, *named};
  } else if (const auto scm = find_scm(path)) {
    if (auto named = repository(path[*scm + 1], path[*scm + 2]))
      found = CloneUrl{{}, join(path, *scm), *named};
  } else {
    found = web_address(path);
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
