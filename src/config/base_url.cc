#include "config/base_url.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "config/values.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
constexpr std::string_view address_characters = "0123456789abcdef:.";
// RFC 3986: unreserved, sub-delims, ':', '/' and the sign of percent-encoding.
constexpr std::string_view path_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:/%";

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  if (text.empty() || text.size() > 5 || !consists_of(text, digits)) return false;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number >= 1 && number <= 65535;
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) return !host.empty() && consists_of(host, name_characters);
  return host.size() > 3 && host.ends_with(']') &&
         consists_of(host.substr(1, host.size() - 2), address_characters);
}

struct Authority {
  std::string host;
  std::string port;
};

/// Splits "host", "host:port", "[::1]:port".
std::optional<Authority> parse_authority(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Authority authority{ascii_lower(text.substr(0, colon)), {}};
  if (!is_host(authority.host)) return std::nullopt;
  if (colon != std::string_view::npos) {
    authority.port = text.substr(colon + 1);
    if (!is_port(authority.port)) return std::nullopt;
  }
  return authority;
}

}  // namespace

std::variant<BaseUrl, std::string> parse_base_url(std::string_view text) {
  if (text.find('@') != std::string_view::npos) return "the URL must not hold a user name or password";
  if (text.find_first_of("?#") != std::string_view::npos)
    return "the URL must not hold a query or a fragment";
  const std::string shown = quoted(text, 200);
  const auto separator = text.find("://");
  BaseUrl url;
  url.scheme = ascii_lower(text.substr(0, separator));
  if (separator == std::string_view::npos || (url.scheme != "http" && url.scheme != "https")) {
    return shown + " is not a URL that begins with https:// or http://";
  }
  const auto rest = text.substr(separator + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto authority = parse_authority(rest.substr(0, slash));
  if (!authority) return shown + " has no valid host name and port";
  url.host = authority->host;
  url.port = authority->port;
  url.path = rest.substr(slash);
  if (!consists_of(url.path, path_characters)) return shown + " has a path with characters no URL may hold";
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

std::string to_text(const BaseUrl& url) {
  return url.scheme + "://" + url.host + (url.port.empty() ? "" : ":" + url.port) + url.path;
}

std::string proxy_problem(std::string_view text) {
  constexpr std::array<std::string_view, 6> schemes = {"http",    "https",  "socks4",
                                                       "socks4a", "socks5", "socks5h"};
  const auto separator = text.find("://");
  const auto scheme = text.substr(0, separator);
  if (separator == std::string_view::npos ||
      std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) {
    return "the proxy is not given as http://, https:// or socks5h:// and a host";
  }
  auto authority = text.substr(separator + 3);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  return parse_authority(authority) ? "" : "the proxy's URL has no valid host name and port at its end";
}

std::string_view login_of(std::string_view proxy) {
  const auto separator = proxy.find("://");
  const auto at = proxy.rfind('@');
  if (at == std::string_view::npos || separator == std::string_view::npos) return {};
  return proxy.substr(separator + 3, at - separator - 3);
}

std::string without_login(std::string_view proxy) {
  const auto login = login_of(proxy);
  if (login.empty()) return std::string(proxy);
  const auto begin = static_cast<std::size_t>(login.data() - proxy.data());
  return std::string(proxy.substr(0, begin)) + "***" + std::string(proxy.substr(begin + login.size()));
}

}  // namespace connector::config
