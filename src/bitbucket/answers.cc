#include "bitbucket/answers.hh"

#include <string>
#include <string_view>
#include <utility>

#include "bitbucket/decode.hh"
#include "bitbucket/status_request.hh"
#include "core/text.hh"

namespace connector::bitbucket {
namespace {

DeliveryResult result_of(http::FailureKind kind) {
  switch (kind) {
    case http::FailureKind::unreachable:
    case http::FailureKind::not_begun:
      break;
    case http::FailureKind::not_the_api:
      return DeliveryResult::not_the_api;
    case http::FailureKind::proxy_login:
      return DeliveryResult::proxy_login;
  }
  return DeliveryResult::try_later;
}

Delivery failed(const http::Failure& failure) {
  return {result_of(failure.kind), failure.may_have_arrived, failure.text};
}

/// A web page where JSON is due: a login form, a proxy's error, a server behind a wrong context path.
bool is_web_page(const http::Response& response) {
  const std::string type = ascii_lower(response.headers.find("content-type"));
  const std::string_view body = response.body;
  const auto begin = body.find_first_not_of(" \t\r\n");
  const std::string start = begin == std::string_view::npos ? "" : ascii_lower(body.substr(begin, 9));
  return type.starts_with("text/html") || start.starts_with("<html") || start == "<!doctype";
}

DeliveryResult result_of(const http::Response& response, const ErrorEnvelope& error) {
  const int status = response.status;
  if (status == 401) {
    const bool valid_login = error.exception.find("AuthorisationException") != std::string::npos;
    return valid_login ? DeliveryResult::not_permitted : DeliveryResult::bad_login;
  }
  if (status == 403) return DeliveryResult::not_permitted;  // also the XSRF check's, which is a web page
  if (status == 408 || status == 429 || status >= 500) return DeliveryResult::try_later;
  if (is_web_page(response) || (status >= 300 && status < 400)) return DeliveryResult::not_the_api;
  return status < 300 ? DeliveryResult::delivered : DeliveryResult::refused;
}

Delivery delivery_of(const http::Response& response) {
  const ErrorEnvelope error = decode_error(response.body);
  const DeliveryResult result = result_of(response, error);
  if (result == DeliveryResult::delivered) return {result, response.earlier_may_arrive, {}};
  std::string text = http::answered("Bitbucket", response);
  if (!error.message.empty()) text += ": " + printable(error.message);
  if (result == DeliveryResult::not_the_api) {
    text +=
        " with a web page or a redirect; check bitbucket.url (BITBUCKET_URL), its context path and any proxy";
  }
  // 429 is said before a request is looked at; a 5xx or a page may come from a proxy behind which it went
  // through.
  const bool in_doubt = (result == DeliveryResult::try_later && response.status != 429) ||
                        result == DeliveryResult::not_the_api;
  return {result, in_doubt || response.earlier_may_arrive, text};
}

Delivery not_bitbucket(const std::string& what) {
  return {DeliveryResult::not_the_api, false,
          what + " is not Bitbucket's; check bitbucket.url (BITBUCKET_URL)"};
}

/// Why an answer to a GET says nothing: a success that brings nothing to read is no success.
Delivery not_read(const http::Response& response, const std::string& what) {
  Delivery delivery = delivery_of(response);
  return delivery.result == DeliveryResult::delivered ? not_bitbucket(what) : delivery;
}

}  // namespace

Delivery read_delivery(const http::Outcome& outcome) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  return delivery_of(std::get<http::Response>(outcome));
}

std::variant<std::optional<Record>, Delivery> read_record(const http::Outcome& outcome,
                                                          std::string_view key) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  const auto& response = std::get<http::Response>(outcome);
  const bool absent = response.status == 404 || response.status == 405;
  if (absent && !is_web_page(response)) return std::optional<Record>();
  constexpr auto what = "the answer to the reading of a build status";
  if (response.status != 200 || is_web_page(response)) return not_read(response, what);
  auto rows = decode_records(response.body);
  if (!rows) return not_bitbucket(what);
  for (auto& row : *rows) {
    if (row.key == key) return std::optional(Record{std::move(row.state), std::move(row.url)});
  }
  return std::optional<Record>();
}

bool shows(const Record& record, const StatusKey& key, const Told& told, const Capabilities& capabilities) {
  const auto state = told_state(key, told.state, capabilities);
  return !state || (record.state == word_of(*state) && fnv1a64(record.url) == told.url_digest);
}

std::variant<Capabilities, Delivery> read_capabilities(const http::Outcome& outcome) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  const auto& response = std::get<http::Response>(outcome);
  if (response.status == 404 && !is_web_page(response)) return Capabilities{};
  constexpr auto what = "the answer to build/capabilities";
  if (response.status != 200) return not_read(response, what);
  if (const auto capabilities = decode_capabilities(response.body)) return *capabilities;
  return not_bitbucket(what);
}

}  // namespace connector::bitbucket
