#include "bitbucket/answers.hh"

#include "bitbucket/decode.hh"
#include "core/text.hh"

namespace connector::bitbucket {
namespace {

Delivery failed(const http::Failure& failure) {
  const bool elsewhere = failure.kind == http::FailureKind::not_the_api;
  return {elsewhere ? DeliveryResult::not_the_api : DeliveryResult::try_later, failure.text};
}

DeliveryResult result_of(int status, const ErrorEnvelope& error) {
  if (status >= 200 && status < 300) return DeliveryResult::delivered;
  if (status == 401) {
    const bool valid_login = error.exception.find("AuthorisationException") != std::string::npos;
    return valid_login ? DeliveryResult::not_permitted : DeliveryResult::bad_login;
  }
  if (status == 403) return DeliveryResult::not_permitted;
  if (status == 408 || status == 429 || status >= 500) return DeliveryResult::try_later;
  if (status >= 300 && status < 400) return DeliveryResult::not_the_api;
  return DeliveryResult::refused;
}

Delivery delivery_of(const http::Response& response) {
  if (response.status >= 200 && response.status < 300) return {DeliveryResult::delivered, {}};
  const ErrorEnvelope error = decode_error(response.body);
  std::string text = "Bitbucket answered " + std::to_string(response.status);
  if (!error.message.empty()) text += ": " + printable(error.message);
  return {result_of(response.status, error), text};
}

}  // namespace

Delivery read_delivery(const http::Outcome& outcome) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  return delivery_of(std::get<http::Response>(outcome));
}

std::variant<Capabilities, Delivery> read_capabilities(const http::Outcome& outcome) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  const auto& response = std::get<http::Response>(outcome);
  if (response.status == 404) return Capabilities{};
  if (response.status != 200) return delivery_of(response);
  if (const auto capabilities = decode_capabilities(response.body)) return *capabilities;
  return Delivery{DeliveryResult::not_the_api,
                  "the answer to build/capabilities is not Bitbucket's; check bitbucket.url (BITBUCKET_URL)"};
}

}  // namespace connector::bitbucket
