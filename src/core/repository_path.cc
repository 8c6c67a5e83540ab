#include "core/repository_path.hh"

#include <algorithm>

#include "core/text.hh"

namespace connector {
namespace {

constexpr std::size_t longest_name = 255;

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > longest_name || text == "." || text == "..") return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// How many segments belong to the context: those before, without /rest/api/latest.
std::size_t context_length(const std::vector<std::string_view>& segments, std::size_t before) {
  return before >= 3 && segments[before - 3] == "rest" ? before - 3 : before;
}

}  // namespace

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> found;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) found.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return found;
}

std::string path_of(const std::vector<std::string_view>& segments, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append("/").append(segments[i]);
  return text;
}

std::optional<Repository> repository_named(std::string_view project, std::string_view slug) {
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

bool same_repository(const Repository& a, const Repository& b) {
  return ascii_lower(a.project) == ascii_lower(b.project) && ascii_lower(a.slug) == ascii_lower(b.slug);
}

std::optional<RepositoryPath> parse_repository_path(std::string_view path) {
  const auto parts = path_segments(path);
  for (std::size_t i = 0; i + 3 < parts.size(); ++i) {
    const bool project = parts[i] == "projects";
    if ((!project && parts[i] != "users") || parts[i + 2] != "repos") continue;
    const std::string owner = (project ? "" : "~") + std::string(parts[i + 1]);
    if (auto found = repository_named(owner, parts[i + 3])) {
      return RepositoryPath{path_of(parts, context_length(parts, i)), std::move(*found)};
    }
  }
  return std::nullopt;
}

}  // namespace connector
