#include "core/place/git_address.hh"

#include <algorithm>

#include "core/place/repository_path.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

constexpr std::size_t longest_address = 4096;

/// Neither blanks, control and non-ASCII characters, nor a backslash, which some programs take for a slash.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
}

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 3 && host.ends_with(']') &&
           consists_of(host.substr(1, host.size() - 2), "0123456789abcdef:.");
  }
  return !host.empty() && host.front() != '-' && consists_of(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_");
}

/// The host of "[user[:password]@]host[:port]".
std::optional<std::string> host_in(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos && !consists_of(authority.substr(colon + 1), "0123456789")) {
    return std::nullopt;
  }
  std::string host = ascii_lower(authority.substr(0, colon));
  return is_host(host) ? std::optional(std::move(host)) : std::nullopt;
}

/// Length of the part before the colon in "[user@]host:path"; brackets may hold colons. 0 when there is none.
std::size_t scp_host_length(std::string_view address) {
  const auto bracket = address.find('[');
  const bool bracketed = bracket == 0 || (bracket != std::string_view::npos && address[bracket - 1] == '@');
  const auto from = bracketed ? address.find(']', bracket) : 0;
  const auto colon = from == std::string_view::npos ? from : address.find(':', from);
  return colon == std::string_view::npos || address.find('/') < colon ? 0 : colon;
}

/// "[host:port]" and "[user@host]" are scp's way of naming a port; other brackets hold an IPv6 address.
std::string_view without_scp_brackets(std::string_view host) {
  if (const auto bracket = host.find("@["); bracket != std::string_view::npos)
    host.remove_prefix(bracket + 1);
  if (!host.starts_with('[') || !host.ends_with(']')) return host;
  const auto inside = host.substr(1, host.size() - 2);
  return std::count(inside.begin(), inside.end(), ':') > 1 ? host : inside;
}

std::optional<GitAddress> parse_scp(std::string_view address) {
  const auto length = scp_host_length(address);
  if (length <= 1) return std::nullopt;  // none, or the drive of a Windows path
  const auto path = address.substr(length + 1);
  if (path.find('%') != std::string_view::npos) return std::nullopt;  // taken as it is, not decoded
  auto host = host_in(without_scp_brackets(address.substr(0, length)));
  if (!host) return std::nullopt;
  return GitAddress{std::move(*host), path_segments(path), false};
}

}  // namespace

std::optional<GitAddress> parse_git_address(std::string_view address) {
  if (address.size() > longest_address || !is_plain(address)) return std::nullopt;
  const auto scheme_end = address.find("://");
  if (scheme_end == std::string_view::npos) return parse_scp(address);
  const std::string scheme = ascii_lower(address.substr(0, scheme_end));
  const bool over_http = scheme == "https" || scheme == "http";
  if (!over_http && scheme != "ssh" && scheme != "git+ssh" && scheme != "ssh+git") return std::nullopt;
  auto rest = address.substr(scheme_end + 3);
  if (over_http) rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = std::min(rest.find('/'), rest.size());
  auto host = host_in(rest.substr(0, slash));
  if (!host) return std::nullopt;
  return GitAddress{std::move(*host), path_segments(rest.substr(slash)), over_http};
}

}  // namespace connector
