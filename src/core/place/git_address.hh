// Addresses as git takes them, split into host and path. What the path means is clone_url's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

/// Where a repository is, without user, password and port.
struct GitAddress {
  std::string host;                   ///< lower case; an IPv6 address in brackets
  std::vector<std::string> segments;  ///< the path between its slashes, decoded, without empty parts
  bool over_http = false;             ///< http or https; else ssh
};

/// Reads https://, http://, ssh:// (git+ssh://, ssh+git://), [user@]host:path and [host:port]:path. Nothing
/// for other protocols, local paths, and for what neither git nor a host could take: blanks, control and
/// non-ASCII characters, a host that looks like an option, an address over 4,096 bytes.
std::optional<GitAddress> parse_git_address(std::string_view address);

}  // namespace connector
