// Where a secret comes from: environment, $CREDENTIALS_DIRECTORY, a file named in the configuration, or the
// configuration itself, in this order.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/environment.hh"
#include "config/toml_file.hh"

namespace connector::config {

/// A secret's text with its origin, or the reason why it could not be had.
struct FoundSecret {
  std::string text;
  Origin origin;
  Problem problem;                 ///< never holds the value; then text is empty
  std::vector<std::string> hints;  ///< permissions that are wider than they need to be
};

/// Looks for a secret:
/// 1. for each of its variables NAME, in order of precedence: NAME itself or the file that NAME_FILE names
/// (both set
///    is a problem, as it is in the official container images);
/// 2. the file credential_name() in $CREDENTIALS_DIRECTORY (systemd: LoadCredential);
/// 3. the file that the configuration's *_file key names;
/// 4. the configuration's plain key.
/// A file that anybody can write to is refused. Nothing when the secret is set nowhere.
std::optional<FoundSecret> find_secret(const Setting& secret, const Environment& environment,
                                       std::span<const FileValue> file_values);

}  // namespace connector::config
