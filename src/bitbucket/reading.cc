#include "bitbucket/reading.hh"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "bitbucket/decode.hh"
#include "core/place/repository_path.hh"
#include "core/text/text.hh"

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

bool is_redirect(const http::Response& response) {
  return response.status >= 300 && response.status < 400;
}

/// The path of a Location, which is an absolute URL or an absolute path. That the server is the same was
/// checked where the answer arrived.
std::string_view location_path(const http::Response& response) {
  std::string_view location = response.headers.find("location");
  location = location.substr(0, location.find_first_of("?#"));
  if (const auto slash = location.find('/');
      location.substr(std::min(slash, location.size())).starts_with("//")) {
    location.remove_prefix(slash + 2);
    location.remove_prefix(std::min(location.find('/'), location.size()));
  }
  return location.starts_with('/') ? location : std::string_view();
}

/// The path before the REST API in "host /path", the server's context; nothing where it is not known.
std::optional<std::string_view> context_of(std::string_view place) {
  const auto path = place.find(' ');
  const auto rest = path == std::string_view::npos ? path : place.find("/rest/", path);
  if (rest == std::string_view::npos) return std::nullopt;
  return place.substr(path + 1, rest - path - 1);
}

/// A redirect of the same application to a path about another repository.
std::optional<Repository> moved_to(const http::Response& response, const Repository& asked) {
  if (!is_redirect(response) || asked.slug.empty()) return std::nullopt;
  auto found = parse_repository_path(path_segments(location_path(response)));
  if (!found || same_repository(found->repository, asked)) return std::nullopt;
  const auto context = context_of(response.place);
  if (context && *context != found->context) return std::nullopt;
  return std::move(found->repository);
}

bool is_no_repository(const ErrorEnvelope& error) {
  return error.exception.ends_with("NoSuchRepositoryException") ||
         error.exception.ends_with("NoSuchProjectException");
}

DeliveryResult result_of(const http::Response& response, const ErrorEnvelope& error) {
  const int status = response.status;
  const bool lacks_right = error.exception.ends_with("AuthorisationException");
  if (status == 401) return lacks_right ? DeliveryResult::not_permitted : DeliveryResult::bad_login;
  // Else it is of a proxy or of the check against forged requests, which may dislike one text and not
  // another.
  if (status == 403) return lacks_right ? DeliveryResult::not_permitted : DeliveryResult::refused;
  if (status == 408 || status == 429 || status >= 500) return DeliveryResult::try_later;
  if (is_web_page(response) || is_redirect(response)) return DeliveryResult::not_the_api;
  if (status == 404 && is_no_repository(error)) return DeliveryResult::no_repository;
  return status < 300 ? DeliveryResult::delivered : DeliveryResult::refused;
}

struct WayOut {
  int status;                  // 0 = any
  std::string_view exception;  // how its name ends; empty = any
  std::string_view text;
};

constexpr std::array<WayOut, 7> ways_out = {{
    {0, "CaptchaRequiredAuthenticationException",
     "an administrator or a login in the browser has to solve the CAPTCHA"},
    {0, "NoAccessAuthenticationException", "the account has no Bitbucket licence"},
    {404, "NoSuchRepositoryException", "it was deleted or renamed, or the account may not see it"},
    {404, "NoSuchProjectException", "it was deleted or renamed, or the account may not see it"},
    {409, "", "a repository that is archived is read-only"},
    {413, "", "a proxy on the way takes only smaller requests"},
    {415, "", "something on the way changes the Content-Type of requests"},
}};

bool closes_account(const ErrorEnvelope& error) {
  return error.exception.ends_with("IncorrectPasswordAuthenticationException") ||
         error.exception.ends_with("CaptchaRequiredAuthenticationException") ||
         error.exception.ends_with("NoAccessAuthenticationException");
}

/// What a person can do about a refusal; empty where nobody knows.
std::string_view way_out(const http::Response& response, const ErrorEnvelope& error) {
  for (const WayOut& known : ways_out) {
    const bool status_fits = known.status == 0 || known.status == response.status;
    if (status_fits && error.exception.ends_with(known.exception)) return known.text;
  }
  const bool maintenance = response.status == 503 && response.body.find("MAINTENANCE") != std::string::npos;
  return maintenance ? "it is under maintenance, which passes" : "";
}

std::string not_the_api_text(const http::Response& response) {
  std::string text = " with a web page";
  if (is_redirect(response)) {
    const std::string_view location = response.headers.find("location");
    text = " with a redirect to " + printable(location.substr(0, location.find_first_of("?#")));
  }
  return text + "; check bitbucket.url (BITBUCKET_URL), its context path and any proxy";
}

std::string text_of(const http::Response& response, DeliveryResult result, const ErrorEnvelope& error) {
  std::string text = http::answered("Bitbucket", response);
  if (!error.message.empty())
    text += ": " + printable(error.message.substr(0, error.message.find_last_not_of('.') + 1));
  if (result == DeliveryResult::not_the_api) text += not_the_api_text(response);
  if (const auto way = way_out(response, error); !way.empty()) text.append("; ").append(way);
  return text;
}

Delivery delivery_of(const http::Response& response, const Repository& asked) {
  if (auto repository = moved_to(response, asked)) {
    std::string text = http::answered("Bitbucket", response) + ": the repository is " + repository->project +
                       '/' + repository->slug + " now";
    return {.result = DeliveryResult::moved,
            .may_have_arrived = response.earlier_may_arrive,
            .text = std::move(text),
            .moved_to = std::move(*repository)};
  }
  const ErrorEnvelope error = response.status < 300 ? ErrorEnvelope{} : decode_error(response.body);
  const DeliveryResult result = result_of(response, error);
  if (result == DeliveryResult::delivered) return {result, response.earlier_may_arrive, {}};
  // 429 is said before a request is looked at; a 5xx or a page may come from a proxy behind which it went
  // through.
  const bool in_doubt = (result == DeliveryResult::try_later && response.status != 429) ||
                        result == DeliveryResult::not_the_api;
  return {.result = result,
          .may_have_arrived = in_doubt || response.earlier_may_arrive,
          .text = text_of(response, result, error),
          .may_be_the_text = response.status == 400 || response.status == 500,
          .account_closed = closes_account(error)};
}

}  // namespace

bool is_web_page(const http::Response& response) {
  const std::string type = ascii_lower(response.headers.find("content-type"));
  const std::string_view body = response.body;
  const auto begin = body.find_first_not_of(" \t\r\n");
  const std::string start = begin == std::string_view::npos ? "" : ascii_lower(body.substr(begin, 9));
  return type.starts_with("text/html") || start.starts_with("<html") || start == "<!doctype";
}

Delivery delivery_of(const http::Outcome& outcome, const Repository& asked) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) {
    return {result_of(failure->kind), failure->may_have_arrived, failure->text};
  }
  return delivery_of(std::get<http::Response>(outcome), asked);
}

Delivery not_read(const http::Response& response, const std::string& what, const Repository& asked) {
  Delivery delivery = delivery_of(response, asked);
  if (delivery.result != DeliveryResult::delivered) return delivery;
  return {DeliveryResult::not_the_api, false,
          what + " is not Bitbucket's; check bitbucket.url (BITBUCKET_URL)"};
}

}  // namespace connector::bitbucket
