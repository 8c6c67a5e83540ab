// Reading what a repository requires to be green.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bitbucket/required_builds.hh"

namespace connector::bitbucket {
namespace {

using Keys = std::vector<std::string>;

const Repository asked{"ACME", "web"};

std::variant<RequiredBuilds, Delivery> read(int status, std::string body, unsigned start = 0) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.set("Location", "/projects/NEW/repos/site");
  return read_conditions(response, asked, start);
}

RequiredBuilds page(std::string body, unsigned start = 0) {
  auto answer = read(200, body, start);
  if (auto* found = std::get_if<RequiredBuilds>(&answer)) return std::move(*found);
  ADD_FAILURE() << "no page in " << body;
  return {};
}

DeliveryResult failure(int status, std::string body) {
  const auto answer = read(status, std::move(body));
  if (const auto* delivery = std::get_if<Delivery>(&answer)) return delivery->result;
  ADD_FAILURE() << "no failure of " << status;
  return DeliveryResult::delivered;
}

TEST(ConditionsRequest, AsksForAPageOfTheRepositorysConditions) {
  const auto request = conditions_request({"~jsmith", "web"}, 200);
  EXPECT_EQ(request.peer, http::PeerId::bitbucket);
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.target,
            "/rest/required-builds/latest/projects/~jsmith/repos/web/conditions?limit=100&start=200");
}

TEST(ConditionsAnswer, ListsTheParentsThatMustBeGreen) {
  const RequiredBuilds found = page(
      R"({"size":2,"limit":100,"isLastPage":true,"start":0,"values":[)"
      R"({"id":15,"buildParentKeys":["web","web-deploy"],"refMatcher":{"id":"ANY_REF","type":{"id":"ANY_REF"}}},)"
      R"({"id":16,"requiredForMergeQueue":true,"exemptRefMatcher":null,"buildParentKeys":["docs"]}]})");
  EXPECT_EQ(found.parent_keys, (Keys{"web", "web-deploy", "docs"}));
  EXPECT_EQ(found.next_start, std::nullopt);
}

TEST(ConditionsAnswer, SaysWhereTheNextPageBegins) {
  const std::string more =
      R"({"isLastPage":false,"nextPageStart":100,"values":[{"buildParentKeys":["web"]}]})";
  EXPECT_EQ(page(more).next_start, 100U);
  EXPECT_EQ(page(more).parent_keys, Keys{"web"});
  EXPECT_EQ(page(R"({"nextPageStart":100,"values":[]})").next_start, 100U);
}

TEST(ConditionsAnswer, IsNoneWhereTheJsonIsBrokenBetweenWhatIsLookedFor) {
  EXPECT_EQ(failure(200, R"({"isLastPage":false{,"values":[{"buildParentKeys":["web"]}]})"),
            DeliveryResult::not_the_api);
  EXPECT_EQ(failure(200, R"({"x":{"y":1{,"values":[{"buildParentKeys":["web"]}],"z":}})"),
            DeliveryResult::not_the_api);
}

TEST(ConditionsAnswer, NeverLeadsBack) {
  const std::string more = R"({"isLastPage":false,"nextPageStart":100,"values":[]})";
  EXPECT_EQ(page(more, 99).next_start, 100U);
  EXPECT_EQ(page(more, 100).next_start, std::nullopt);
  EXPECT_EQ(page(more, 200).next_start, std::nullopt);
}

TEST(ConditionsAnswer, EndsWhereNoNextPageIsNamed) {
  for (const auto* fields :
       {R"("isLastPage":true,"nextPageStart":100)", R"("isLastPage":true,"nextPageStart":null)",
        R"("isLastPage":false)", R"("isLastPage":false,"nextPageStart":"100")",
        R"("isLastPage":false,"nextPageStart":-1)", R"("isLastPage":false,"nextPageStart":4294967396)"}) {
    EXPECT_EQ(page("{" + std::string(fields) + R"(,"values":[]})").next_start, std::nullopt) << fields;
  }
}

TEST(ConditionsAnswer, IsEmptyFromAServerWithoutRequiredBuilds) {
  for (const auto* body : {"", R"({"errors":[{"message":"The requested resource does not exist."}]})",
                           R"({"message":"null for uri","status-code":404})",
                           R"({"errors":[{"exceptionName":"com.sun.jersey.api.NotFoundException"}]})"}) {
    const auto answer = read(404, body);
    ASSERT_TRUE(std::holds_alternative<RequiredBuilds>(answer)) << body;
    EXPECT_TRUE(std::get<RequiredBuilds>(answer).parent_keys.empty());
    EXPECT_EQ(std::get<RequiredBuilds>(answer).next_start, std::nullopt);
  }
}

TEST(ConditionsAnswer, SaysWhyItIsNotTold) {
  EXPECT_EQ(
      failure(404, R"({"errors":[{"message":"Repository ACME/web does not exist.",)"
                   R"("exceptionName":"com.atlassian.bitbucket.repository.NoSuchRepositoryException"}]})"),
      DeliveryResult::no_repository);
  EXPECT_EQ(failure(404, "<html>"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(307, ""), DeliveryResult::moved);
  EXPECT_EQ(failure(401, R"({"errors":[{"message":"You are not permitted to access this resource",)"
                         R"("exceptionName":"com.atlassian.bitbucket.AuthorisationException"}]})"),
            DeliveryResult::not_permitted);
  EXPECT_EQ(failure(503, ""), DeliveryResult::try_later);
}

TEST(ConditionsAnswer, IsNotTakenFromWhatIsNoPageOfConditions) {
  for (const auto* body :
       {"", "[]", "{}", "null", R"({"values":null})", R"({"values":[7]})", R"({"values":[{}]})",
        R"({"values":[{"buildParentKeys":"web"}]})", R"({"values":[{"buildParentKeys":[7]}]})",
        R"({"values":[{"buildParentKeys":["web"]})", "<html>"}) {
    EXPECT_EQ(failure(200, body), DeliveryResult::not_the_api) << body;
  }
}

}  // namespace
}  // namespace connector::bitbucket
