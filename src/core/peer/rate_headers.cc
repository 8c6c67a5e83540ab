#include "core/peer/rate_headers.hh"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <system_error>

namespace connector {
namespace {

using std::chrono::seconds;

/// Larger than any real quota and small enough for arithmetic on it.
constexpr std::int64_t largest_count = 1'000'000'000;

/// Only the start of a refusal is looked at: its documented form is 100 bytes long.
constexpr std::size_t refusal_window = 4096;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The number at the start of a text, capped at largest_count; nothing when it does not start with a digit.
std::optional<std::int64_t> leading_count(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc::result_out_of_range) return largest_count;
  return std::min(count, largest_count);
}

/// The number a whole text consists of.
std::optional<std::int64_t> whole_count(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit) ? leading_count(text) : std::nullopt;
}

std::optional<seconds> capped_seconds(std::optional<std::int64_t> count) {
  if (!count) return std::nullopt;
  return std::min(seconds{*count}, longest_hint);
}

std::optional<seconds> larger(std::optional<seconds> a, std::optional<seconds> b) {
  return std::max(a, b);
}

/// The "reset" of a refusal's JSON. A search is enough: the value only lengthens or shortens a wait.
std::optional<seconds> reset_in(std::string_view body) {
  constexpr std::string_view name = "\"reset\"";
  const std::size_t at = body.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  body.remove_prefix(at + name.size());
  const std::size_t value = body.find_first_not_of(" :\t\r\n");
  if (value == std::string_view::npos) return std::nullopt;
  return capped_seconds(leading_count(body.substr(value)));
}

bool is_empty(const RateLimit& bucket) {
  return bucket.remaining == 0;
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view value, std::optional<Timestamp> answered_at) {
  if (const auto count = whole_count(value)) return capped_seconds(count);
  const auto date = parse_http_date(value);
  if (!date || !answered_at) return std::nullopt;
  const seconds wait = std::chrono::ceil<seconds>(*date - *answered_at);
  return std::clamp(wait, seconds{0}, longest_hint);
}

RateLimit parse_rate_limit(std::string_view remaining, std::string_view limit, std::string_view reset) {
  return {.remaining = whole_count(remaining),
          .limit = whole_count(limit),
          .reset = capped_seconds(whole_count(reset))};
}

std::optional<seconds> wait_for_refill(const Quota& quota) {
  std::optional<seconds> wait;
  for (const RateLimit* bucket : {&quota.organization, &quota.user}) {
    if (is_empty(*bucket)) wait = larger(wait, bucket->reset);
  }
  return wait;
}

std::optional<seconds> wait_asked_for(const Quota& quota, std::string_view body) {
  body = body.substr(0, refusal_window);
  std::optional<seconds> wait = wait_for_refill(quota);
  if (body.find("\"rest_user\"") != std::string_view::npos) wait = larger(wait, quota.user.reset);
  if (body.find("\"rest_organization\"") != std::string_view::npos) {
    wait = larger(wait, quota.organization.reset);
  }
  if (!wait) wait = reset_in(body);
  return wait ? wait : larger(quota.organization.reset, quota.user.reset);
}

}  // namespace connector
