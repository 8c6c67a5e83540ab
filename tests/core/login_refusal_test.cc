// The memory of a refused login: a wrong password must not lock the account, a changed one is tried at once.
#include "core/peer/login_refusal.hh"

#include <gtest/gtest.h>

#include <chrono>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

constexpr std::string_view wrong = "Basic bot:hunter2";
constexpr std::uint64_t salt = 42;

LoginRefusal refused(unsigned times, Timestamp last) {
  std::optional<LoginRefusal> refusal;
  for (unsigned i = 0; i < times; ++i) refusal = refuse_login(refusal, wrong, salt + i, last);
  return *refusal;
}

TEST(LoginRefusal, LetsALoginThatWasNeverRefusedBeTried) {
  EXPECT_TRUE(may_log_in(std::nullopt, wrong, noon));
}

TEST(LoginRefusal, SpacesTheAttemptsAndEndsThemBeforeTheAccountIsLocked) {
  struct Case {
    unsigned refusals;
    std::chrono::milliseconds after;
    bool allowed;
  };
  for (const auto& [refusals, after, allowed] :
       {Case{1, 0ms, false}, Case{1, 10min - 1s, false}, Case{1, 10min, true}, Case{2, 10min, false},
        Case{2, 1h - 1s, false}, Case{2, 1h, true}, Case{3, 1h, false}, Case{3, 24h * 365, false}}) {
    EXPECT_EQ(may_log_in(refused(refusals, noon), wrong, noon + after), allowed)
        << refusals << " refusals, " << after.count() << " ms later";
  }
}

TEST(LoginRefusal, SaysWhenTheNextAttemptIs) {
  EXPECT_EQ(next_login(refused(1, noon)), noon + 10min);
  EXPECT_EQ(next_login(refused(2, noon)), noon + 1h);
  EXPECT_EQ(next_login(refused(3, noon)), std::nullopt);
}

TEST(LoginRefusal, LetsAnotherCredentialBeTriedAtOnceAndCountsItAnew) {
  const LoginRefusal before = refused(3, noon);
  EXPECT_TRUE(may_log_in(before, "Basic bot:hunter3", noon));
  EXPECT_EQ(refuse_login(before, "Basic bot:hunter3", 7, noon).refusals, 1U);
}

TEST(LoginRefusal, KeepsOneSaltForOneCredential) {
  EXPECT_EQ(refused(3, noon).salt, salt);
  EXPECT_EQ(refused(3, noon).refusals, 3U);
}

TEST(LoginRefusal, OfTheFarFutureIsAWrongDatesWork) {
  EXPECT_TRUE(may_log_in(refused(1, noon + 24h * 365), wrong, noon));
  EXPECT_FALSE(may_log_in(refused(1, noon + 1s), wrong, noon)) << "servers' clocks differ a little";
}

TEST(Fingerprint, TellsCredentialsApartAndDependsOnTheSalt) {
  EXPECT_EQ(fingerprint(wrong, salt), fingerprint(wrong, salt));
  EXPECT_NE(fingerprint(wrong, salt), fingerprint("Basic bot:hunter3", salt));
  EXPECT_NE(fingerprint(wrong, salt), fingerprint(wrong, salt + 1));
}

}  // namespace
}  // namespace connector
