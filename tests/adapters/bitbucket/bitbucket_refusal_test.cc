// Answers that are no success: what they mean for a repository, and what a person reads about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <variant>

#include "bitbucket/answers.hh"

namespace connector::bitbucket {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const StatusKey key{{"ACME", "web"}, std::string(40, 'a'), "web-pipeline"};

http::Response answer(int status, std::string body = "") {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.place = "bitbucket.example.com /rest/x";
  return response;
}

/// An error envelope with an exception of Atlassian's.
std::string envelope(std::string_view exception, std::string_view message = "No.") {
  return R"({"errors":[{"context":null,"message":")" + std::string(message) +
         R"(","exceptionName":"com.atlassian.bitbucket.)" + std::string(exception) + R"("}]})";
}

Delivery delivery(const http::Response& response) {
  return read_delivery(response, key.repository);
}

Delivery redirected(int status, std::string_view location, std::string body = "",
                    std::string_view context = "") {
  http::Response response = answer(status, std::move(body));
  response.place = "bitbucket.example.com " + std::string(context) + "/rest/x";
  response.headers.set("Location", location);
  return delivery(response);
}

TEST(MissingRepository, IsWhatBitbucketSaysIsMissing) {
  EXPECT_EQ(delivery(answer(404, envelope("repository.NoSuchRepositoryException"))).result,
            DeliveryResult::no_repository);
  EXPECT_EQ(delivery(answer(404, envelope("project.NoSuchProjectException"))).result,
            DeliveryResult::no_repository);
}

TEST(MissingRepository, IsNotSeenInOtherThingsThatAreMissing) {
  for (const auto* exception : {"commit.NoSuchCommitException", "NoSuchRepositoryExceptionMapper", ""}) {
    EXPECT_EQ(delivery(answer(404, envelope(exception))).result, DeliveryResult::refused) << exception;
  }
  EXPECT_EQ(delivery(answer(404)).result, DeliveryResult::refused);
  EXPECT_EQ(delivery(answer(409, envelope("repository.NoSuchRepositoryException"))).result,
            DeliveryResult::refused);
}

TEST(MissingRepository, IsToldFromAMissingRecord) {
  const auto gone = read_record(answer(404, envelope("repository.NoSuchRepositoryException")), key);
  ASSERT_TRUE(std::holds_alternative<Delivery>(gone));
  EXPECT_EQ(std::get<Delivery>(gone).result, DeliveryResult::no_repository);
  EXPECT_FALSE(std::holds_alternative<Delivery>(
      read_record(answer(404, envelope("commit.NoSuchCommitException")), key)));
}

struct Move {
  std::string_view location;
  std::string_view project;  // empty = tells of no other repository
  std::string_view slug;
  std::string_view context{};  // of the server that answers
};

void PrintTo(const Move& move, std::ostream* out) {
  *out << move.location.substr(0, 200);
}

class Redirects : public testing::TestWithParam<Move> {};

TEST_P(Redirects, TellOfARepositoryThatMoved) {
  const Move& move = GetParam();
  const Delivery found = redirected(307, move.location, "", move.context);
  if (move.project.empty()) {
    EXPECT_EQ(found.result, DeliveryResult::not_the_api);
    EXPECT_EQ(found.moved_to, Repository{});
    return;
  }
  EXPECT_EQ(found.result, DeliveryResult::moved);
  EXPECT_EQ(found.moved_to.project, move.project);
  EXPECT_EQ(found.moved_to.slug, move.slug);
  EXPECT_FALSE(found.may_have_arrived) << "the server sent it elsewhere";
  EXPECT_THAT(found.text, HasSubstr(std::string(move.project) + "/" + std::string(move.slug)));
}

INSTANTIATE_TEST_SUITE_P(
    ToAnother, Redirects,
    testing::Values(
        Move{"/rest/api/latest/projects/NEW/repos/site/commits/aa/builds", "NEW", "site"},
        Move{"/rest/api/1.0/projects/new/repos/Site?x=1", "NEW", "site"},
        Move{"/ctx/rest/api/latest/projects/NEW/repos/site", "NEW", "site", "/ctx"},
        Move{"/a/b/rest/required-builds/latest/projects/NEW/repos/site/conditions", "NEW", "site", "/a/b"},
        Move{"https://git.acme.com/rest/api/latest/projects/NEW/repos/site", "NEW", "site"},
        Move{"HTTPS://git.acme.com:8443/ctx/projects/NEW/repos/site/browse#x", "NEW", "site", "/ctx"},
        Move{"//git.acme.com/projects/NEW/repos/site", "NEW", "site"},
        Move{"/projects/ACME/repos/web2", "ACME", "web2"},
        Move{"/projects/~jsmith/repos/web", "~jsmith", "web"},
        Move{"/users/jsmith/repos/web", "~jsmith", "web"}));

INSTANTIATE_TEST_SUITE_P(
    ElsewhereOrNowhere, Redirects,
    testing::Values(Move{"/login/projects/NEW/repos/site", "", ""},  // another application
                    Move{"/rest/api/latest/projects/NEW/repos/site", "", "", "/ctx"}, Move{"", "", ""},
                    Move{"/login?next=/projects/NEW/repos/site", "", ""},
                    Move{"/login#/projects/NEW/repos/site", "", ""}, Move{"/projects/NEW", "", ""},
                    Move{"https://git.acme.com", "", ""}, Move{"https://", "", ""}, Move{"//", "", ""},
                    Move{"projects/NEW/repos/site", "", ""}, Move{"../NEW/repos/site", "", ""},
                    Move{"/projects/acme/repos/WEB/", "", ""},  // the one that was asked for
                    Move{"/projects/NEW/repos/..", "", ""}, Move{"/projects/NEW/repos/si%20te", "", ""},
                    Move{"/projects/NEW/repos/site\x1B[31m", "", ""}));

TEST(Redirect, OfEveryKindTellsOfAMove) {
  for (const int status : {301, 302, 303, 307, 308}) {
    EXPECT_EQ(redirected(status, "/projects/NEW/repos/site", "<html>Moved</html>").result,
              DeliveryResult::moved)
        << status;
  }
  EXPECT_NE(redirected(200, "/projects/NEW/repos/site").result, DeliveryResult::moved);
  EXPECT_NE(redirected(404, "/projects/NEW/repos/site").result, DeliveryResult::moved);
}

TEST(Redirect, TellsOfNoMoveToWhoAskedForNoRepository) {
  http::Response response = answer(302);
  response.headers.set("Location", "/projects/NEW/repos/site");
  EXPECT_EQ(read_delivery(response, Repository{}).result, DeliveryResult::not_the_api);
}

TEST(Redirect, IsSeenWhenARecordIsReadToo) {
  http::Response response = answer(301);
  response.headers.set("Location", "/rest/api/latest/projects/NEW/repos/site/commits/aa/builds");
  const auto read = read_record(response, key);
  ASSERT_TRUE(std::holds_alternative<Delivery>(read));
  EXPECT_EQ(std::get<Delivery>(read).moved_to, (Repository{"NEW", "site"}));
}

TEST(Redirect, KeepsTheDoubtAboutAnEarlierAttempt) {
  http::Response response = answer(302);
  response.earlier_may_arrive = true;
  response.headers.set("Location", "/projects/NEW/repos/site");
  EXPECT_TRUE(delivery(response).may_have_arrived);
}

TEST(Redirect, ThatTellsOfNoMoveNamesItsTargetWithoutItsQuery) {
  const std::string text = redirected(302, "/login\x1B?token=sesame").text;
  EXPECT_THAT(text, HasSubstr("a redirect to /login\\u{1b};"));
  EXPECT_THAT(text, HasSubstr("bitbucket.url"));
  EXPECT_THAT(text, Not(HasSubstr("sesame")));
}

TEST(CharactersOutsideTheBasicPlane, MayBeWhatA400OrA500IsAbout) {
  for (const int status : {200, 204, 302, 401, 403, 404, 409, 413, 429, 502, 503}) {
    EXPECT_FALSE(delivery(answer(status)).may_be_the_text) << status;
  }
  EXPECT_TRUE(delivery(answer(400)).may_be_the_text);
  EXPECT_TRUE(delivery(answer(500)).may_be_the_text);
}

struct WayOut {
  int status;
  std::string body;
  DeliveryResult result;
  std::string_view text;
};

TEST(Refusal, SaysWhatAPersonCanDo) {
  const WayOut rows[] = {
      {409, "", DeliveryResult::refused, "; a repository that is archived is read-only"},
      {413, "", DeliveryResult::refused, "; a proxy on the way takes only smaller requests"},
      {415, "", DeliveryResult::refused, "; something on the way changes the Content-Type of requests"},
      {401, envelope("auth.CaptchaRequiredAuthenticationException"), DeliveryResult::bad_login,
       ": No; an administrator or a login in the browser has to solve the CAPTCHA"},
      {401, envelope("auth.NoAccessAuthenticationException"), DeliveryResult::bad_login,
       ": No; the account has no Bitbucket licence"},
      {404, envelope("repository.NoSuchRepositoryException"), DeliveryResult::no_repository,
       ": No; it was deleted or renamed, or the account may not see it"},
      {503, R"({"state":"MAINTENANCE"})", DeliveryResult::try_later,
       "; it is under maintenance, which passes"},
  };
  for (const WayOut& row : rows) {
    const Delivery refusal = delivery(answer(row.status, row.body));
    EXPECT_EQ(refusal.result, row.result) << row.status << row.body;
    EXPECT_EQ(refusal.text, "bitbucket.example.com /rest/x: Bitbucket answered " +
                                std::to_string(row.status) + std::string(row.text));
  }
  EXPECT_THAT(delivery(answer(503)).text, EndsWith("answered 503"));
  EXPECT_THAT(delivery(answer(400)).text, EndsWith("answered 400"));
}

TEST(Refusal, QuotesNothingThatCouldForgeALine) {
  const std::string hostile = envelope("auth.NoAccessAuthenticationException", "a\\u001b[2J\\nb\\u202ec");
  EXPECT_THAT(delivery(answer(401, hostile)).text, HasSubstr("a\\u{1b}[2J\\nb\\u{202e}c"));
}

}  // namespace
}  // namespace connector::bitbucket
