// A home for tests of the configuration: a directory with a configuration file, and the environment that
// points to it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/environment.hh"
#include "core/exit_status.hh"
#include "support/temp_dir.hh"

namespace connector::config {

/// Keys and their TOML literals.
using TomlKeys = std::map<std::string, std::string>;

/// The settings without which nothing can be loaded.
const TomlKeys& required_keys();

/// "key = literal", a line each, in alphabetical order.
std::string toml_of(const TomlKeys& keys);

/// Every key that a file may hold, sorted: those of the settings, and the *_file keys beside the secrets.
std::vector<std::string> all_keys();

class ConfigHome {
 public:
  /// The configuration file is there and holds the required settings.
  ConfigHome();

  /// Replaces the configuration file.
  void write(std::string_view toml);

  /// Writes a file beside the configuration, mode 0600, and returns its path.
  std::string write_beside(std::string_view name, std::string_view contents);

  [[nodiscard]] Config load() const;

  /// The message of the Error that loading throws, with the home's directory as "~"; checks its exit status.
  [[nodiscard]] std::string load_error(ExitStatus expected = ExitStatus::config) const;

  [[nodiscard]] std::string path(std::string_view name) const { return directory_.file(name); }

  Environment environment;
  Options options;

 private:
  support::TempDir directory_;
};

}  // namespace connector::config
