// Whom the fake Bitbucket answers, and when: logins, rights, licences, the rate limit, maintenance.
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class BitbucketAccess : public FakeBitbucketTest {};

TEST_F(BitbucketAccess, LocksTheAccountAfterFiveWrongPasswords) {
  log_in_with("wrong");
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(post(status("web", "FAILED")).body, HasSubstr("IncorrectPasswordAuthenticationException"));
  }
  log_in_with(bitbucket.settings().credentials.password);
  const FakeAnswer locked = post(status("web", "FAILED"));
  EXPECT_EQ(locked.status, 401);
  EXPECT_THAT(locked.body, HasSubstr("CaptchaRequiredAuthenticationException"));
  bitbucket.login().solve_captcha();
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
}

TEST_F(BitbucketAccess, TellsAMissingRightFromAWrongLogin) {
  bitbucket.forbid("ACME", "web");
  const FakeAnswer answer = post(status("web", "FAILED"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, HasSubstr("com.atlassian.bitbucket.AuthorisationException"));
  EXPECT_EQ(bitbucket.login().wrong_passwords(), 0U);
}

TEST_F(BitbucketAccess, AnswersSomeThingsToAnybody) {
  headers.erase("authorization");
  EXPECT_EQ(ask("GET", "/status").body, R"({"state":"RUNNING"})");
  EXPECT_EQ(ask("GET", "/rest/api/latest/application-properties").status, 200);
  EXPECT_EQ(ask("GET", "/rest/api/latest/build/capabilities").status, 401);
}

TEST_F(BitbucketAccess, LimitsTheRateByABucketOfTokens) {
  bitbucket.limit_rate(2, 0.5);
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
  const FakeAnswer answer = post(status("web", "FAILED"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header(answer, "Retry-After"), "2");
  now += 2s;
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
}

class UnlicensedAccount : public FakeBitbucketTest {
 protected:
  UnlicensedAccount() { bitbucket.settings().unlicensed = true; }
};

TEST_F(UnlicensedAccount, MayNeitherReportNorReadOnTheOldEndpoint) {
  for (const FakeAnswer& answer : {post_legacy(status("web", "FAILED")), ask("GET", legacy)}) {
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(answer.body, HasSubstr("com.atlassian.bitbucket.AuthorisationException"));
  }
  EXPECT_EQ(bitbucket.record_count(), 0U);
  EXPECT_EQ(bitbucket.login().wrong_passwords(), 0U);
}

TEST_F(UnlicensedAccount, MayReportToARepositoryItCanRead) {
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
  EXPECT_EQ(ask("GET", builds + "?key=web").status, 200);
}

TEST_F(UnlicensedAccount, MayReportOnTheOldEndpointWithALicence) {
  bitbucket.settings().unlicensed = false;
  EXPECT_EQ(post_legacy(status("web", "FAILED")).status, 204);
}

class Maintenance : public FakeBitbucketTest {
 protected:
  Maintenance() { bitbucket.settings().maintenance = true; }
};

TEST_F(Maintenance, IsAnsweredByAllOfRestWithATimeToComeBackAndNoBody) {
  for (const FakeAnswer& answer :
       {post(status("web", "FAILED")), post_legacy(status("web", "FAILED")),
        ask("GET", conditions_of("ACME", "web")), ask("GET", "/rest/api/latest/application-properties")}) {
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(header(answer, "Retry-After"), "30");
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(Maintenance, ComesBeforeAnyLogin) {
  log_in_with("wrong");
  EXPECT_EQ(post(status("web", "FAILED")).status, 503);
  EXPECT_EQ(bitbucket.login().wrong_passwords(), 0U);
}

TEST_F(Maintenance, IsToldByTheStatusWithoutAnError) {
  headers.clear();
  const FakeAnswer answer = ask("GET", "/status");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"state":"MAINTENANCE"})");
}

TEST_F(Maintenance, LosesNothingAndEnds) {
  bitbucket.settings().maintenance = false;
  post(status("web", "FAILED"));
  bitbucket.settings().maintenance = true;
  post(status("web", "SUCCESSFUL"));
  bitbucket.settings().maintenance = false;
  EXPECT_EQ(ask("GET", "/status").body, R"({"state":"RUNNING"})");
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "FAILED");
}

}  // namespace
}  // namespace connector::support
