// Environment variables, a line each: no message shows a secret of them. "@@" in a secret, and a password of
// "@@" in a URL, is one.
#include <algorithm>
#include <array>
#include <string>

#include "config/settings.hh"
#include "fuzz/config_rules.hh"
#include "fuzz/input.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

config::Kind kind_of(std::string_view name) {
  for (const config::Setting& setting : config::settings()) {
    const auto& names = setting.variables;
    if (std::find(names.begin(), names.end(), name) != names.end()) return setting.kind;
  }
  const auto& proxies = config::proxy_variables;
  const bool is_proxy = std::find(proxies.begin(), proxies.end(), name) != proxies.end();
  return is_proxy ? config::Kind::proxy : config::Kind::text;
}

/// Nothing on this machine is to be read.
bool names_path(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"CONNECTOR_CONFIG", "CREDENTIALS_DIRECTORY", "HOME",
                                                     "XDG_CONFIG_HOME", "CONFIGURATION_DIRECTORY"};
  return name.ends_with("_FILE") || std::find(names.begin(), names.end(), name) != names.end();
}

std::string value_of(std::string_view name, std::string_view text) {
  if (names_path(name)) return "/nowhere/" + std::string(text);
  const config::Kind kind = kind_of(name);
  if (kind == config::Kind::secret) return with(std::string(text), "@@", canary);
  const bool is_url = kind == config::Kind::url || kind == config::Kind::proxy;
  return is_url ? with(std::string(text), ":@@@", ":" + std::string(canary) + "@") : std::string(text);
}

const Target environments("environments", [](std::string_view input) {
  if (input.find(canary) != std::string_view::npos || input.find('\0') != std::string_view::npos) return;
  config::Environment environment;
  for (const std::string_view line : lines_of(input)) {
    const std::string_view name = line.substr(0, line.find('='));
    if (name.size() < line.size()) environment.emplace(name, value_of(name, line.substr(name.size() + 1)));
  }
  expect_no_secret_told({}, environment);
});

}  // namespace
}  // namespace connector::fuzz
