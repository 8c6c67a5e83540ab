#include "adapters/config/config_fixture.hh"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "config/load.hh"
#include "config/settings.hh"
#include "core/error.hh"

namespace connector::config {

const TomlKeys& required_keys() {
  static const TomlKeys keys = {
      {"buildkite.token", "\"bkua-token\""},
      {"buildkite.organization", "\"acme\""},
      {"bitbucket.url", "\"https://git.example.com/bitbucket\""},
      {"bitbucket.username", "\"bot\""},
      {"bitbucket.password", "\"hunter2\""},
  };
  return keys;
}

std::string toml_of(const TomlKeys& keys) {
  std::string text;
  for (const auto& entry : keys) text += entry.first + " = " + entry.second + "\n";
  return text;
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const Setting& setting : settings()) {
    keys.push_back(setting.key);
    if (setting.kind == Kind::secret) keys.push_back(file_key(setting));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

ConfigHome::ConfigHome() {
  write(toml_of(required_keys()));
  environment["HOME"] = directory_.path();
  environment["CONNECTOR_CONFIG"] = path("config.toml");
}

void ConfigHome::write(std::string_view toml) {
  write_beside("config.toml", toml);
}

std::string ConfigHome::write_beside(std::string_view name, std::string_view contents) {
  const std::string file = path(name);
  support::write_file(file, contents);
  chmod(file.c_str(), S_IRUSR | S_IWUSR);
  return file;
}

Config ConfigHome::load() const {
  return config::load(options, environment);
}

std::string ConfigHome::load_error(ExitStatus expected) const {
  try {
    static_cast<void>(load());
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), expected);
    std::string text = error.what();
    for (auto at = text.find(directory_.path()); at != std::string::npos; at = text.find(directory_.path())) {
      text.replace(at, directory_.path().size(), "~");
    }
    return text;
  }
  ADD_FAILURE() << "this configuration was loaded";
  return {};
}

}  // namespace connector::config
