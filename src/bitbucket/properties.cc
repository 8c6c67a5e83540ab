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
  auto answer = read_answer(outcome, "the answer to application-properties", {}, [](std::string_view body) {
    const auto version = decode_version(body);
    return version ? parse_server_version(*version) : std::nullopt;
  });
  // Every server tells its version: one that knows no such page is asked below a wrong path.
  auto* delivery = std::get_if<Delivery>(&answer);
  if (delivery != nullptr && delivery->result == DeliveryResult::refused)
    delivery->text += "; check bitbucket.url (BITBUCKET_URL) and its context path";
  return answer;
}

}  // namespace connector::bitbucket
