// The environment variables of the process, as a value.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace connector::config {

using Environment = std::map<std::string, std::string>;

/// The environment this process was started with.
Environment read_environment();

/// The value of a variable; empty when it is not set, as an empty variable counts as unset.
std::string variable(const Environment& environment, std::string_view name);

/// The variables in which libcurl looks for a proxy, and one that people take for one of them. Their URLs may
/// hold a login.
inline constexpr std::array<const char*, 6> proxy_variables = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                                               "ALL_PROXY",   "http_proxy",  "HTTP_PROXY"};

/// Overwrites and unsets every variable that may hold a secret, so that neither a child process nor a reader
/// of /proc/<pid>/environ finds one. The proxies that libcurl looks for keep their values, but where that
/// reader does not see them. To be called once the configuration is loaded, before any thread starts.
void forget_secret_variables();

}  // namespace connector::config
