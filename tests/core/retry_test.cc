// The retry rule and what it is told by headers: tables of cases.
#include "core/peer/retry.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <ostream>
#include <string>

#include "core/peer/quota.hh"
#include "core/peer/rate_headers.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

struct RetryCase {
  const char* name;
  AttemptResult attempt;
  bool budget_left;
  RetryAction action;
};

void PrintTo(const RetryCase& row, std::ostream* out) {
  *out << row.name;
}

class RetryRule : public testing::TestWithParam<RetryCase> {};

TEST_P(RetryRule, Decides) {
  const RetryCase& row = GetParam();
  EXPECT_EQ(decide_retry(row.attempt, row.budget_left, 0.5).action, row.action);
}

constexpr AttemptResult answered(int status, unsigned tries = 1, std::optional<seconds> hint = std::nullopt) {
  return {.tries = tries, .pauses = 0, .status = status, .hint = hint};
}

INSTANTIATE_TEST_SUITE_P(
    Table, RetryRule,
    testing::Values(RetryCase{"no_answer", answered(0), true, RetryAction::retry},
                    RetryCase{"request_timeout", answered(408), true, RetryAction::retry},
                    RetryCase{"internal_error", answered(500), true, RetryAction::retry},
                    RetryCase{"bad_gateway", answered(502), true, RetryAction::retry},
                    RetryCase{"unavailable", answered(503), true, RetryAction::retry},
                    RetryCase{"gateway_timeout", answered(504), true, RetryAction::retry},
                    RetryCase{"second_try", answered(500, 2), true, RetryAction::retry},
                    RetryCase{"third_try_is_the_last", answered(500, 3), true, RetryAction::finish},
                    RetryCase{"no_budget", answered(500), false, RetryAction::finish},
                    RetryCase{"success", answered(200), true, RetryAction::finish},
                    RetryCase{"redirect", answered(302), true, RetryAction::finish},
                    RetryCase{"bad_request", answered(400), true, RetryAction::finish},
                    RetryCase{"unauthorized", answered(401), true, RetryAction::finish},
                    RetryCase{"forbidden", answered(403), true, RetryAction::finish},
                    RetryCase{"not_found", answered(404), true, RetryAction::finish},
                    RetryCase{"not_implemented", answered(501), true, RetryAction::finish},
                    RetryCase{"too_many", answered(429, 1, 5s), true, RetryAction::pause},
                    RetryCase{"too_many_without_hint", answered(429), true, RetryAction::pause},
                    RetryCase{"too_many_costs_no_tries", answered(429, 3, 5s), true, RetryAction::pause},
                    RetryCase{"too_many_costs_no_budget", answered(429, 1, 5s), false, RetryAction::pause},
                    RetryCase{"maintenance_with_hint", answered(503, 3, 30s), false, RetryAction::pause},
                    RetryCase{"hint_on_other_errors", answered(500, 3, 30s), true, RetryAction::finish},
                    RetryCase{"endless_pauses",
                              {.tries = 1, .pauses = most_pauses, .status = 429, .hint = 1s},
                              true,
                              RetryAction::finish}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(RetryRule, SpreadsTheBackoffFromZeroToAnExponentialCeiling) {
  EXPECT_EQ(decide_retry(answered(500), true, 0.0).wait, 0ms);
  EXPECT_EQ(decide_retry(answered(500), true, 0.5).wait, 250ms);
  EXPECT_EQ(decide_retry(answered(500, 2), true, 0.5).wait, 500ms);
  EXPECT_LT(decide_retry(answered(500, 2), true, 0.999).wait, 1000ms);
}

TEST(RetryRule, PausesAtLeastAsLongAsAskedAndALittleLongerByChance) {
  for (const seconds hint : {1s, 42s, 3600s}) {
    EXPECT_EQ(pause_for(hint, 0.0), hint);
    EXPECT_GT(pause_for(hint, 0.9), hint);
    EXPECT_LE(pause_for(hint, 0.999), hint + 5s);
  }
}

TEST(RetryRule, NeverHammersAPeerThatAsksForNoWait) {
  EXPECT_GE(decide_retry(answered(429, 1, 0s), true, 0.0).wait, 500ms);
}

TEST(RetryRule, WaitsTenSecondsWhenA429DoesNotSayHowLong) {
  EXPECT_EQ(decide_retry(answered(429), true, 0.0).wait, 10s);
}

TEST(RetryRule, AllowsATenthOfTheRequestsAsRetriesAndAFewInAnyCase) {
  EXPECT_EQ(retry_budget(0), 10U);
  EXPECT_EQ(retry_budget(100), 10U);
  EXPECT_EQ(retry_budget(1000), 100U);
}

struct RetryAfterCase {
  const char* value;
  std::optional<seconds> wait;
};

TEST(RetryAfter, ReadsSecondsAndDatesAndNothingElse) {
  const auto answered_at = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(answered_at);
  const RetryAfterCase cases[] = {
      {"0", 0s},
      {"120", 120s},
      {"Sun, 06 Nov 1994 08:50:07 GMT", 30s},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
      {"Sat, 05 Nov 1994 08:49:37 GMT", 0s},
      {"Thu, 06 Nov 2036 08:49:37 GMT", longest_hint},
      {"99999999999999999999999", longest_hint},
      {"", std::nullopt},
      {"-5", std::nullopt},
      {"+5", std::nullopt},
      {"1.5", std::nullopt},
      {"5 s", std::nullopt},
      {"soon", std::nullopt},
      {"Sun, 99 Nov 1994 08:49:37 GMT", std::nullopt},
  };
  for (const RetryAfterCase& row : cases) {
    EXPECT_EQ(parse_retry_after(row.value, answered_at), row.wait) << row.value;
  }
}

TEST(RetryAfter, NeedsTheAnswersOwnDateToReadADate) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", std::nullopt), std::nullopt);
  EXPECT_EQ(parse_retry_after("7", std::nullopt), 7s);
}

TEST(RateLimits, AreReadAsPlainNumbersOnly) {
  EXPECT_EQ(parse_rate_limit("12", "50", "42"), (RateLimit{.remaining = 12, .limit = 50, .reset = 42s}));
  EXPECT_EQ(parse_rate_limit("-1", "fifty", ""), RateLimit{});
  EXPECT_EQ(parse_rate_limit("", "", "999999999999999999999").reset, longest_hint);
}

constexpr RateLimit bucket(std::int64_t remaining, std::optional<seconds> reset) {
  return {.remaining = remaining, .limit = 50, .reset = reset};
}

TEST(RateLimits, AskForARefillOnlyWhereNothingIsLeft) {
  EXPECT_EQ(wait_for_refill({bucket(1, 9s), bucket(1, 20s)}), std::nullopt);
  EXPECT_EQ(wait_for_refill({bucket(1, 9s), bucket(0, 20s)}), 20s);
  EXPECT_EQ(wait_for_refill({bucket(0, 9s), bucket(1, 20s)}), 9s);
  EXPECT_EQ(wait_for_refill({bucket(0, 9s), bucket(0, 20s)}), 20s);
  EXPECT_EQ(wait_for_refill({bucket(0, std::nullopt), bucket(1, 20s)}), std::nullopt);
  EXPECT_EQ(wait_for_refill({}), std::nullopt);
}

struct RefusalCase {
  const char* name;
  Quota quota;
  const char* body;
  std::optional<seconds> wait;
};

TEST(RateLimits, TakeTheWaitOfA429FromTheBucketThatRefused) {
  const RefusalCase cases[] = {
      {"scope user", {bucket(5, 9s), bucket(5, 20s)}, R"({"scope":"rest_user","reset":3})", 20s},
      {"scope organization", {bucket(5, 9s), bucket(5, 20s)}, R"({"scope":"rest_organization"})", 9s},
      {"empty bucket", {bucket(0, 9s), bucket(5, 20s)}, "{}", 9s},
      {"scope and another empty bucket",
       {bucket(5, 9s), bucket(0, 20s)},
       R"({"scope":"rest_organization"})",
       20s},
      {"body alone", {}, R"({"message":"x", "scope" : "rest_user", "reset" : 42})", 42s},
      {"larger of unclear ones", {bucket(5, 9s), bucket(5, 20s)}, "<html>", 20s},
      {"junk in the body", {}, R"({"reset":"soon"})", std::nullopt},
      {"cut body", {}, R"({"reset":)", std::nullopt},
      {"nothing", {}, "", std::nullopt},
  };
  for (const RefusalCase& row : cases) EXPECT_EQ(wait_asked_for(row.quota, row.body), row.wait) << row.name;
}

}  // namespace
}  // namespace connector
