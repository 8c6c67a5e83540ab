// Names of projects and repositories as addresses of a Bitbucket server hold them: clone URLs, web pages,
// REST.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/build_status.hh"

namespace connector {

/// The parts of a path between its slashes, percent-decoded, empty ones left out.
std::vector<std::string> path_segments(std::string_view path);

/// The first `count` segments as the context path of a base URL: "" or "/a/b". Nothing when they are none.
std::optional<std::string> context_path(const std::vector<std::string>& segments, std::size_t count);

/// The repository that two names mean: the key in upper case, as the server keeps it, "~user" as given, the
/// slug in lower case without ".git". Nothing for what is no name of Bitbucket's.
std::optional<Repository> repository_named(std::string_view project, std::string_view slug);

/// Whether two repositories are one for the server, which compares names without regard to case.
bool same_repository(const Repository& a, const Repository& b);

/// What the path of a web page or of a REST resource is about.
struct RepositoryPath {
  std::string context;  ///< what the server's base URL adds before it, such as "/bitbucket"
  Repository repository;
};

/// Reads .../projects/P/repos/r[/...] and .../users/u/repos/r[/...], below /rest/api/latest or another part
/// of the REST API as well. Nothing for any other path.
std::optional<RepositoryPath> parse_repository_path(const std::vector<std::string>& segments);

}  // namespace connector
