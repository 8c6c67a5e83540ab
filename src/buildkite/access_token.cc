#include "buildkite/access_token.hh"

#include <simdjson.h>

#include <chrono>
#include <utility>

#include "core/text/json_check.hh"
#include "core/text/text.hh"

namespace connector::buildkite {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t answer_limit = std::size_t{64} << 10U;
constexpr std::size_t most_scopes = 100;

std::optional<AccessToken> decode(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  AccessToken token;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object object = document.get_object();
    for (const std::string_view scope : object["scopes"].get_array()) {
      if (token.scopes.size() < most_scopes) token.scopes.emplace_back(scope);
    }
    std::string_view expires_at;
    if (object["expires_at"].get_string().get(expires_at) == simdjson::SUCCESS)
      token.expires_at = parse_timestamp(expires_at);
  } catch (const simdjson::simdjson_error&) {  // the caller says what that means
    return std::nullopt;
  }
  return token;
}

}  // namespace

bool expires_soon(const AccessToken& token, Timestamp now) {
  constexpr std::chrono::hours soon{3 * 24};
  return token.expires_at && *token.expires_at - now < soon;
}

http::Request access_token_request() {
  http::Request request;
  request.peer = http::PeerId::buildkite;
  request.target = "/v2/access-token";
  request.body_limit = answer_limit;
  return request;
}

std::variant<AccessToken, NoPage> read_access_token(http::Outcome outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response != nullptr && response->status == 404) {
    return NoPage{ExitStatus::protocol, false,
                  http::answered("Buildkite", *response) +
                      ", so this is not its API; check buildkite.url (BUILDKITE_API_URL)"};
  }
  if (response == nullptr || response->status != 200) return no_page(outcome);
  if (auto token = decode(response->body)) return *std::move(token);
  return NoPage{ExitStatus::protocol, false,
                "the answer to the question for the API token is not Buildkite's; check buildkite.url "
                "(BUILDKITE_API_URL)"};
}

}  // namespace connector::buildkite
