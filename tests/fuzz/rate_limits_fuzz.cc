// What an answer says about waiting: no wait is negative or without end. The input is an answer.
#include <chrono>

#include "core/peer/rate_headers.hh"
#include "core/peer/retry.hh"
#include "fuzz/input.hh"
#include "fuzz/target.hh"
#include "http/answer_facts.hh"

namespace connector::fuzz {
namespace {

void expect_bounded(std::optional<std::chrono::seconds> wait) {
  expect(!wait || (wait->count() >= 0 && *wait <= longest_hint), "a wait is at most a day");
}

void expect_sane(const RateLimit& limit) {
  expect_bounded(limit.reset);
  expect(limit.remaining.value_or(0) >= 0 && limit.limit.value_or(0) >= 0, "a quota is not negative");
}

const Target rate_limits("rate_limits", [](std::string_view input) {
  const http::Response response = response_of(input);
  const auto hint = http::hint_of(response);
  expect_bounded(hint);
  const auto quota = http::quota_of(response);
  if (quota) {
    expect_sane(quota->organization);
    expect_sane(quota->user);
    static_cast<void>(allows_spare_work(*quota));
  }
  expect_bounded(wait_asked_for(quota.value_or(Quota{}), response.body));
  for (unsigned tries = 1; tries <= most_tries; ++tries) {
    const auto decision = decide_retry({tries, tries, response.status, hint}, true, 0.5);
    expect(decision.wait.count() >= 0, "no retry is before its time");
    expect(decision.wait <= 2 * longest_hint, "no retry is put off for ever");
    expect(tries < most_tries || decision.action != RetryAction::retry, "retries come to an end");
  }
});

}  // namespace
}  // namespace connector::fuzz
