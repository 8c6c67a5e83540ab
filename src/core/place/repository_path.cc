#include "core/place/repository_path.hh"

#include <algorithm>
#include <utility>

#include "core/text/text.hh"

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
std::size_t context_length(const std::vector<std::string>& segments, std::size_t before) {
  return before >= 3 && segments[before - 3] == "rest" ? before - 3 : before;
}

}  // namespace

std::vector<std::string> path_segments(std::string_view path) {
  std::vector<std::string> found;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) found.push_back(percent_decode(path.substr(0, slash)));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return found;
}

std::optional<std::string> context_path(const std::vector<std::string>& segments, std::size_t count) {
  constexpr std::string_view characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:";
  std::string path;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& segment = segments[i];
    if (segment == "." || segment == ".." || segment.find_first_not_of(characters) != std::string::npos) {
      return std::nullopt;
    }
    path.append("/").append(segment);
  }
  return path;
}

std::optional<Repository> repository_named(std::string_view project, std::string_view slug) {
  if (ascii_lower(slug).ends_with(".git")) slug.remove_suffix(4);
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

std::optional<RepositoryPath> parse_repository_path(const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i + 3 < segments.size(); ++i) {
    const bool project = segments[i] == "projects";
    if ((!project && segments[i] != "users") || segments[i + 2] != "repos") continue;
    auto context = context_path(segments, context_length(segments, i));
    auto found = repository_named((project ? "" : "~") + segments[i + 1], segments[i + 3]);
    if (context && found) return RepositoryPath{std::move(*context), std::move(*found)};
  }
  return std::nullopt;
}

}  // namespace connector
