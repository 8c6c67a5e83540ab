#include "config/paths.hh"

#include <sys/stat.h>

namespace connector::config {
namespace {

constexpr std::string_view program = "buildkite-bitbucket-connector";

/// $HOME, unless it is unset or "/", as it is for dynamic users and containers with a bare uid.
std::string home(const Environment& environment) {
  std::string directory = variable(environment, "HOME");
  while (directory.ends_with('/')) directory.pop_back();
  return directory.starts_with('/') ? directory : std::string();
}

/// An XDG base directory: its variable if that is absolute (the specification has relative ones ignored),
/// else its place below home; empty without either.
std::string base_directory(const Environment& environment, std::string_view name,
                           std::string_view below_home) {
  std::string directory = variable(environment, name);
  if (directory.starts_with('/')) return directory;
  const std::string start = home(environment);
  return start.empty() ? std::string() : start + std::string(below_home);
}

bool is_directory(const std::string& path) {
  struct stat facts {};
  return !path.empty() && ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

}  // namespace

std::vector<std::string> usual_config_files(const Environment& environment) {
  const std::string name = "/" + std::string(program) + "/config.toml";
  std::vector<std::string> files;
  const std::string own = base_directory(environment, "XDG_CONFIG_HOME", "/.config");
  if (!own.empty()) files.push_back(own + name);
  files.push_back("/etc" + name);
  return files;
}

std::string state_name(std::string_view organization, const Shard& shard) {
  const std::string part = "." + std::to_string(shard.number) + "-of-" + std::to_string(shard.count);
  return std::string(organization) + (shard == Shard{} ? "" : part);
}

std::string usual_state_file(std::string_view state_name, const Environment& environment) {
  const std::string name = "/" + std::string(state_name) + ".json";
  const std::string given = variable(environment, "STATE_DIRECTORY");
  if (!given.empty()) return given.substr(0, given.find(':')) + name;
  // System users often have a home that does not exist and is not theirs to make.
  const bool home_is_ours =
      variable(environment, "XDG_STATE_HOME").starts_with('/') || is_directory(home(environment));
  const std::string own =
      home_is_ours ? base_directory(environment, "XDG_STATE_HOME", "/.local/state") : std::string();
  return (own.empty() ? std::string("/var/lib") : own) + "/" + std::string(program) + name;
}

bool is_below_home(std::string_view path, const Environment& environment) {
  const std::string start = home(environment);
  return !start.empty() && path.starts_with(start + "/");
}

std::string resolve(const std::string& path, const std::string& config_file) {
  const auto slash = config_file.rfind('/');
  if (path.empty() || path.starts_with('/') || slash == std::string::npos) return path;
  return config_file.substr(0, slash + 1) + path;
}

}  // namespace connector::config
