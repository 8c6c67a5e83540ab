// Requests to Bitbucket and its answers.
#include <gtest/gtest.h>

#include <string>

#include "bitbucket/answers.hh"
#include "bitbucket/decode.hh"
#include "bitbucket/status_request.hh"

namespace connector::bitbucket {
namespace {

const StatusKey key{{"ACME", "web"}, std::string(40, 'a'), "5f1c-key"};

Capabilities modern() {
  Capabilities all;
  all.repository_builds = true;
  all.cancelled_state = true;
  return all;
}

BuildStatus a_status(BitbucketState state) {
  BuildStatus status;
  status.state = state;
  status.build_number = 7;
  status.url = "https://buildkite.com/acme-inc/web/builds/7";
  status.name = "Web #7";
  status.description = "passed \"quickly\"";
  status.parent = "web";
  status.ref = "refs/heads/main";
  status.duration_ms = 1500;
  return status;
}

TEST(StatusRequest, FillsWhatRequiredBuildsNeed) {
  const auto request = status_request(key, a_status(BitbucketState::successful), modern());
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, http::Method::post);
  EXPECT_LE(request->body_limit, std::size_t{1} << 20U) << "many are in flight at once";
  EXPECT_EQ(request->target, "/rest/api/latest/projects/ACME/repos/web/commits/" + key.commit + "/builds");
  EXPECT_EQ(
      request->body,
      R"({"key":"5f1c-key","state":"SUCCESSFUL","url":"https://buildkite.com/acme-inc/web/builds/7","name":"Web #7",)"
      R"("description":"passed \"quickly\"","parent":"web","ref":"refs/heads/main","buildNumber":"7","duration":1500})");
}

TEST(StatusRequest, UsesTheLegacyEndpointWhereTheServerHasNoOther) {
  const auto request = status_request(key, a_status(BitbucketState::failed), Capabilities{});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->target, "/rest/build-status/1.0/commits/" + key.commit);
  EXPECT_EQ(request->body.find("parent"), std::string::npos);
}

TEST(StatusRequest, UsesTheLegacyEndpointForPipelinesWithoutARepository) {
  StatusKey unmapped = key;
  unmapped.repository = {};
  const auto request = status_request(unmapped, a_status(BitbucketState::failed), modern());
  EXPECT_EQ(request->target, "/rest/build-status/1.0/commits/" + key.commit);
}

TEST(StatusRequest, ReplacesStatesTheServerDoesNotKnow) {
  const auto canceled = status_request(key, a_status(BitbucketState::cancelled), Capabilities{});
  ASSERT_TRUE(canceled.has_value());
  EXPECT_NE(canceled->body.find(R"("state":"FAILED")"), std::string::npos);
  EXPECT_FALSE(status_request(key, a_status(BitbucketState::unknown), Capabilities{}).has_value());
  EXPECT_NE(status_request(key, a_status(BitbucketState::unknown), modern())->body.find("UNKNOWN"),
            std::string::npos);
}

TEST(StatusRequest, KeepsTheTildeOfAPersonalRepository) {
  StatusKey personal = key;
  personal.repository = {"~jsmith", "web"};
  EXPECT_NE(
      status_request(personal, a_status(BitbucketState::failed), modern())->target.find("/projects/~jsmith/"),
      std::string::npos);
}

DeliveryResult result(int status, const std::string& body = "") {
  http::Response response;
  response.status = status;
  response.body = body;
  return read_delivery(response, key.repository).result;
}

TEST(Delivery, IsAny2xxThatIsNoWebPage) {
  EXPECT_EQ(result(204), DeliveryResult::delivered);
  EXPECT_EQ(result(200, "{}"), DeliveryResult::delivered);
  EXPECT_EQ(result(201, "ok"), DeliveryResult::delivered);
  EXPECT_EQ(result(200, " \n<!DOCTYPE html><title>Log in</title>"), DeliveryResult::not_the_api);
}

TEST(Delivery, IsInDoubtAfterAnErrorThatAProxyMayHaveMade) {
  const auto in_doubt = [](int status) {
    http::Response response;
    response.status = status;
    return read_delivery(response, key.repository).may_have_arrived;
  };
  EXPECT_TRUE(in_doubt(502));
  EXPECT_TRUE(in_doubt(504));
  EXPECT_FALSE(in_doubt(429));
  EXPECT_FALSE(in_doubt(400));
  EXPECT_FALSE(in_doubt(401));
  EXPECT_FALSE(in_doubt(204));
}

TEST(Delivery, IsInDoubtWhateverIsAnsweredWhenAnEarlierTryWasNot) {
  for (const int status : {204, 400, 401, 404, 429}) {
    http::Response response;
    response.status = status;
    response.earlier_may_arrive = true;
    EXPECT_TRUE(read_delivery(response, key.repository).may_have_arrived) << status;
  }
}

TEST(Delivery, TellsARefusedLoginFromAMissingRight) {
  EXPECT_EQ(
      result(401, R"({"errors":[{"context":null,"message":"You are not permitted to access this resource",)"
                  R"("exceptionName":"com.atlassian.bitbucket.AuthorisationException"}]})"),
      DeliveryResult::not_permitted);
  EXPECT_EQ(
      result(401,
             R"({"errors":[{"message":"Authentication failed.",)"
             R"("exceptionName":"com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"}]})"),
      DeliveryResult::bad_login);
  EXPECT_EQ(result(401, "<html>"), DeliveryResult::bad_login);
}

TEST(Delivery, SortsErrorsByWhatHelps) {
  EXPECT_EQ(result(400), DeliveryResult::refused);
  EXPECT_EQ(result(404), DeliveryResult::refused);
  EXPECT_EQ(result(404, "<html>wrong context path</html>"), DeliveryResult::not_the_api);
  EXPECT_EQ(result(403, "<html>XSRF check failed</html>"), DeliveryResult::refused) << "one text, not all";
  EXPECT_EQ(result(409), DeliveryResult::refused);
  EXPECT_EQ(result(403), DeliveryResult::refused);
  EXPECT_EQ(result(429), DeliveryResult::try_later);
  EXPECT_EQ(result(503), DeliveryResult::try_later);
  EXPECT_EQ(result(302), DeliveryResult::not_the_api);
}

TEST(Delivery, QuotesOnlyTheMessageOfAnErrorMadeSafe) {
  http::Response response;
  response.status = 400;
  response.body = R"({"errors":[{"message":"bad \u001b[31mkey\nsecond line"}]})";
  response.place = "bitbucket.example.com /rest/x";
  EXPECT_EQ(read_delivery(response, key.repository).text,
            "bitbucket.example.com /rest/x: Bitbucket answered 400: bad \\u{1b}[31mkey\\nsecond line");
}

TEST(ErrorEnvelopeDecoder, TakesAnythingForNoEnvelope) {
  for (const auto* body :
       {"", "null", "[]", "{}", R"({"errors":null})", R"({"errors":[]})", R"({"errors":[1]})",
        R"({"errors":[{"message":null}]})", "<html>", R"({"errors":[{"message":)"}) {
    const auto envelope = decode_error(body);
    EXPECT_EQ(envelope.message, "") << body;
    EXPECT_EQ(envelope.exception, "") << body;
  }
}

}  // namespace
}  // namespace connector::bitbucket
