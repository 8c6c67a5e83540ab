// Asking Bitbucket whether a repository is its own.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bitbucket/repository.hh"

namespace connector::bitbucket {
namespace {

using Links = std::vector<std::string>;

const Repository asked{"ACME", "web"};

std::variant<Links, Delivery> read(int status, std::string body, std::string_view location = "") {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  if (!location.empty()) response.headers.set("Location", location);
  return read_repository(response, asked);
}

DeliveryResult failure(int status, std::string body, std::string_view location = "") {
  const auto answer = read(status, std::move(body), location);
  if (const auto* delivery = std::get_if<Delivery>(&answer)) return delivery->result;
  ADD_FAILURE() << "read " << std::get<Links>(answer).size() << " clone links";
  return DeliveryResult::delivered;
}

TEST(RepositoryRequest, AsksForTheRepositoryByItsNames) {
  const auto request = repository_request(asked);
  EXPECT_EQ(request.peer, http::PeerId::bitbucket);
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.target, "/rest/api/latest/projects/ACME/repos/web");
  EXPECT_EQ(repository_request({"~j smith", "a/b"}).target,
            "/rest/api/latest/projects/~j%20smith/repos/a%2Fb");
}

TEST(RepositoryAnswer, NamesTheAddressesUnderWhichItIsCloned) {
  const auto answer =
      read(200, R"({"slug":"web","id":1,"name":"web","scmId":"git","state":"AVAILABLE",)"
                R"("project":{"key":"ACME","links":{"self":[{"href":"https://x/projects/ACME"}]}},)"
                R"("links":{"self":[{"href":"https://git.acme.com/projects/ACME/repos/web/browse"}],)"
                R"("clone":[{"href":"https://git.acme.com/scm/acme/web.git","name":"http"},)"
                R"({"name":"ssh","href":"ssh://git@git.acme.com:7999/acme/web.git"}]}})");
  ASSERT_TRUE(std::holds_alternative<Links>(answer));
  EXPECT_EQ(std::get<Links>(answer),
            (Links{"https://git.acme.com/scm/acme/web.git", "ssh://git@git.acme.com:7999/acme/web.git"}));
}

TEST(RepositoryAnswer, MayNameNoAddress) {
  for (const auto* links : {"null", "{}", R"({"clone":null})", R"({"clone":[]})",
                            R"({"clone":[{"name":"ssh"}]})", R"({"clone":[{"href":7}]})"}) {
    const auto answer = read(200, R"({"slug":"web","links":)" + std::string(links) + "}");
    ASSERT_TRUE(std::holds_alternative<Links>(answer)) << links;
    EXPECT_TRUE(std::get<Links>(answer).empty()) << links;
  }
  EXPECT_TRUE(std::holds_alternative<Links>(read(200, R"({"slug":"web"})")));
}

TEST(RepositoryAnswer, SaysWhyThereIsNone) {
  EXPECT_EQ(
      failure(404, R"({"errors":[{"message":"Repository ACME/web does not exist.",)"
                   R"("exceptionName":"com.atlassian.bitbucket.repository.NoSuchRepositoryException"}]})"),
      DeliveryResult::no_repository);
  EXPECT_EQ(failure(301, "", "/rest/api/latest/projects/NEW/repos/web"), DeliveryResult::moved);
  EXPECT_EQ(failure(302, "", "/login"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(401, R"({"errors":[{"message":"You are not permitted to access this resource",)"
                         R"("exceptionName":"com.atlassian.bitbucket.AuthorisationException"}]})"),
            DeliveryResult::not_permitted);
  EXPECT_EQ(failure(401, ""), DeliveryResult::bad_login);
  EXPECT_EQ(failure(404, "<html>"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(503, R"({"slug":"web"})"), DeliveryResult::try_later);
}

TEST(RepositoryAnswer, IsNotTakenFromWhatIsNoRepository) {
  for (const auto* body :
       {"", "ok", "[]", "null", "{}", R"({"slug":7})", R"({"slug":"web","links":{"clone":[7]}})",
        R"({"slug":"web","links":{"clone":[{"href":"x")", "<html>"}) {
    EXPECT_EQ(failure(200, body), DeliveryResult::not_the_api) << body;
  }
  EXPECT_EQ(failure(204, ""), DeliveryResult::not_the_api);
}

TEST(RepositoryRequestFailure, PassesOnWhyThereIsNoAnswer) {
  const auto answer = read_repository(
      http::Failure{http::FailureKind::unreachable, false, "bitbucket.example.com: time-out"}, asked);
  ASSERT_TRUE(std::holds_alternative<Delivery>(answer));
  EXPECT_EQ(std::get<Delivery>(answer).result, DeliveryResult::try_later);
  EXPECT_EQ(std::get<Delivery>(answer).text, "bitbucket.example.com: time-out");
}

}  // namespace
}  // namespace connector::bitbucket
