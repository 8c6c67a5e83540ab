#include "bitbucket/properties.hh"

#include <optional>

#include "bitbucket/decode.hh"
#include "bitbucket/reading.hh"
#include "bitbucket/resource.hh"

namespace connector::bitbucket {

http::Request properties_request() {
  return request_to("/rest/api/latest/application-properties");
}

std::variant<ServerVersion, Delivery> read_properties(const http::Outcome& outcome) {
  return read_answer(outcome, "the answer to application-properties", {}, [](std::string_view body) {
    const auto version = decode_version(body);
    return version ? parse_server_version(*version) : std::nullopt;
  });
}

}  // namespace connector::bitbucket
