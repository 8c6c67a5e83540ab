// Addresses of servers and proxies, checked strictly and brought to one form.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace connector::config {

struct BaseUrl {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; an IPv6 address keeps its brackets
  std::string port;    ///< digits; empty for the scheme's own
  std::string path;    ///< context path such as "/bitbucket"; without trailing slash
};

/// Reads an http(s) base URL. Returns what is wrong instead, in words that never show a login, query or
/// fragment, as these may hold secrets; all three are refused.
std::variant<BaseUrl, std::string> parse_base_url(std::string_view text);

std::string to_text(const BaseUrl& url);

/// What is wrong with the URL of a proxy (http, https or socks, login allowed, no path); empty when nothing
/// is. Never shows the URL.
std::string proxy_problem(std::string_view text);

/// The login in the URL of a proxy, percent-encoded as it is there: "user:password", "user", or nothing.
std::string_view login_of(std::string_view proxy);

/// The URL of a proxy with its login as "***".
std::string without_login(std::string_view proxy);

}  // namespace connector::config
