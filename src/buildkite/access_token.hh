// What Buildkite says about the API token itself.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "buildkite/builds_answer.hh"
#include "core/text/timestamp.hh"
#include "http/request.hh"

namespace connector::buildkite {

struct AccessToken {
  std::vector<std::string> scopes;
  std::optional<Timestamp> expires_at;  ///< nothing for one that lasts
};

/// Whether it ends within three days.
bool expires_soon(const AccessToken& token, Timestamp now);

/// Asks for the token's own record (Buildkite REST: GET access-token; needs no scope).
http::Request access_token_request();

/// Reads the outcome of an access_token_request, or why there is nothing to read.
std::variant<AccessToken, NoPage> read_access_token(http::Outcome outcome);

}  // namespace connector::buildkite
