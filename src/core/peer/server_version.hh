// The version of a Bitbucket server, which tells what it can do where it does not say so itself.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "core/peer/capabilities.hh"

namespace connector {

/// "8.19.12" is {8, 19}: what follows decides nothing. 7.14 is newer than 7.4.
struct ServerVersion {
  unsigned major = 0;
  unsigned minor = 0;
  auto operator<=>(const ServerVersion&) const = default;
};

/// Reads "8.19.12", "10.2", "9.0.0-rc1". Nothing for a text that does not begin with two numbers.
std::optional<ServerVersion> parse_server_version(std::string_view text);

/// What a server of this version can do (Bitbucket REST: builds of a repository since 7.4, their GET by key
/// since 7.14, CANCELLED and UNKNOWN since 8.0).
Capabilities capabilities_of(ServerVersion version);

}  // namespace connector
