// The keys that a configuration file may hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/file_problem.hh"
#include "config/settings.hh"

namespace connector::config {

/// A key of the file: that of a setting, or the *_file key beside a secret.
struct KnownKey {
  std::string key;
  const Setting* setting = nullptr;
  bool names_file = false;  ///< the value is the path of a file with the secret
};

/// All of them, in the order of the documentation.
const std::vector<KnownKey>& known_keys();

/// The key with this name in any table, dotted or not; nullptr when there is none.
const KnownKey* find_by_last_part(std::string_view key);

/// What its value is written as: "a whole number", "text in quotes".
std::string_view expectation(const KnownKey& known);

/// How much of a line may be shown that sets this: nothing where the value is, or names, a secret.
Shown shown_with(const Setting& setting);

/// "token" of "buildkite.token".
std::string_view last_part(std::string_view key);

/// "buildkite" of "buildkite.token".
std::string_view table_of(std::string_view key);

}  // namespace connector::config
