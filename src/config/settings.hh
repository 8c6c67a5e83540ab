// The table of all settings: which TOML key, which variables, which default, and how a value gets into
// Config. Loading, messages, --print-config and the documentation's tests are driven by it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/values.hh"

namespace connector::config {

enum class Kind { text, url, proxy, path, boolean, count, duration, list, choice, secret, status_template };

/// Whether values of this kind are, or may contain, a secret (the login in a proxy's URL).
constexpr bool holds_secret(Kind kind) {
  return kind == Kind::secret || kind == Kind::proxy;
}

/// The value of a setting before it is checked.
struct Value {
  std::string text;                ///< of every kind but list
  std::vector<std::string> items;  ///< of a list
};

/// How a value gets into a Config, and how it is shown.
struct Access {
  std::function<Problem(Config&, const Value&)> assign;
  /// As TOML, a secret as "***"; empty when there is no value.
  std::function<std::string(const Config&)> show;
};

/// The command-line option that sets the same value.
struct OptionSource {
  std::string name;  ///< "--state"; empty for none
  std::optional<std::string> Options::*value = nullptr;
};

struct Setting {
  std::string key;                     ///< "buildkite.token"
  std::vector<std::string> variables;  ///< the first one set wins
  Kind kind = Kind::text;
  std::string fallback;  ///< default, in the form of an environment variable; empty when there is none
  std::string without;   ///< what holds without a value, for people; "required" when there must be one
  Access access;
  OptionSource option{};
};

/// All settings, in the order of the documentation.
std::span<const Setting> settings();

/// The setting of a TOML key, or nullptr.
const Setting* find_setting(std::string_view key);

/// The TOML key that names a file with this secret: "buildkite.token_file".
std::string file_key(const Setting& secret);

/// The name of this secret in $CREDENTIALS_DIRECTORY: its key with hyphens, "buildkite-token".
std::string credential_name(const Setting& secret);

}  // namespace connector::config
