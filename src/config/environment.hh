// The environment variables of the process, as a value.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace connector::config {

using Environment = std::map<std::string, std::string>;

/// The environment this process was started with.
Environment read_environment();

/// The value of a variable; empty when it is not set, as an empty variable counts as unset.
std::string variable(const Environment& environment, std::string_view name);

/// Overwrites and unsets every variable that may hold a secret, so that neither a child process nor a reader
/// of /proc/<pid>/environ finds one. To be called once the configuration is loaded, before any thread starts.
void forget_secret_variables();

}  // namespace connector::config
