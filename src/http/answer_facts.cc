#include "http/answer_facts.hh"

#include "core/peer/rate_headers.hh"

namespace connector::http {

std::optional<Timestamp> date_of(const Response& response) {
  return parse_http_date(response.headers.find("date"));
}

std::optional<Quota> quota_of(const Response& response) {
  const Headers& headers = response.headers;
  const Quota quota{
      .organization = parse_rate_limit(headers.find("ratelimit-remaining"), headers.find("ratelimit-limit"),
                                       headers.find("ratelimit-reset")),
      .user = parse_rate_limit(headers.find("ratelimit-user-remaining"), headers.find("ratelimit-user-limit"),
                               headers.find("ratelimit-user-reset"))};
  if (quota == Quota{}) return std::nullopt;
  return quota;
}

std::optional<std::chrono::seconds> hint_of(const Response& response) {
  if (response.status != 429 && response.status != 503) return std::nullopt;
  const auto retry_after = parse_retry_after(response.headers.find("retry-after"), date_of(response));
  if (retry_after || response.status == 503) return retry_after;
  return wait_asked_for(quota_of(response).value_or(Quota{}), response.body);
}

}  // namespace connector::http
