#include "buildkite/builds_answer.hh"

#include <string_view>
#include <utility>

namespace connector::buildkite {
namespace {

constexpr std::string_view server = "Buildkite";

NoPage failed(const http::Failure& failure) {
  NoPage none;
  if (failure.kind == http::FailureKind::not_the_api) none.cause = ExitStatus::protocol;
  if (failure.kind == http::FailureKind::proxy_login) none.cause = ExitStatus::no_permission;
  none.told_to_wait = failure.kind == http::FailureKind::not_begun;
  none.text = failure.text;
  return none;
}

NoPage refused(const http::Response& response) {
  const std::string answer = http::answered(server, response);
  switch (response.status) {
    case 401:
      return {ExitStatus::no_permission, false,
              answer +
                  ": the API token is wrong or expired; set BUILDKITE_API_TOKEN or buildkite.token to a "
                  "valid one"};
    case 403:
      return {
          ExitStatus::no_permission, false,
          answer +
              ": the API token lacks the scope read_builds, or this address is not on the organization's allow "
              "list"};
    case 404:
      return {
          ExitStatus::config, false,
          answer +
              ": no such organization, or the API token has no access to it; check buildkite.organization "
              "(BUILDKITE_ORGANIZATION)",
          true};
    default:
      break;
  }
  if (response.status == 429) {
    return {ExitStatus::temp_fail, true, answer + ": the request quota is used up; the next pass goes on"};
  }
  if (response.status == 408 || response.status >= 500) {
    return {ExitStatus::temp_fail, false, answer + "; the next pass tries again"};
  }
  return {ExitStatus::protocol, false,
          answer + " to a request for builds; check buildkite.url (BUILDKITE_API_URL)"};
}

}  // namespace

NoPage no_page(const http::Outcome& outcome) {
  if (const auto* failure = std::get_if<http::Failure>(&outcome)) return failed(*failure);
  return refused(std::get<http::Response>(outcome));
}

BuildsAnswer read_build(http::Outcome outcome) {
  auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr || response->status != 200) return no_page(outcome);
  return decode_build(std::move(response->body));
}

BuildsAnswer read_builds(http::Outcome outcome) {
  auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr || response->status != 200) return no_page(outcome);
  const bool more = response->headers.find("link").find("rel=\"next\"") != std::string_view::npos;
  BuildsAnswer answer = decode_builds(std::move(response->body));
  if (auto* page = std::get_if<BuildsPage>(&answer)) page->server_says_more = more;
  return answer;
}

}  // namespace connector::buildkite
