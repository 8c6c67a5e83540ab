// What a server can do: from build/capabilities, and from its version where that is missing.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/properties.hh"
#include "bitbucket/status_request.hh"

namespace connector::bitbucket {
namespace {

http::Response answer(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Capabilities known(const std::string& body) {
  const auto read = read_capabilities(answer(200, body));
  if (const auto* capabilities = std::get_if<Capabilities>(&read)) return *capabilities;
  ADD_FAILURE() << "no capabilities in " << body;
  return {};
}

DeliveryResult failure(int status, std::string body) {
  const auto read = read_capabilities(answer(status, std::move(body)));
  if (const auto* delivery = std::get_if<Delivery>(&read)) return delivery->result;
  ADD_FAILURE() << "no failure of " << status;
  return DeliveryResult::delivered;
}

TEST(CapabilitiesRequest, AsksTheServerAsAWhole) {
  EXPECT_EQ(capabilities_request().target, "/rest/api/latest/build/capabilities");
  EXPECT_EQ(capabilities_request().peer, http::PeerId::bitbucket);
}

TEST(CapabilitiesAnswer, SaysWhatTheServerKnows) {
  const Capabilities full = known(R"({"buildStatus":["richBuildStatus","cancelledStatus","other"]})");
  EXPECT_TRUE(full.repository_builds);
  EXPECT_TRUE(full.reading_by_key) << "what tells of its capabilities is of 7.14 or later";
  EXPECT_TRUE(full.cancelled_state);
  EXPECT_FALSE(known(R"({"buildStatus":["richBuildStatus"]})").cancelled_state);
  for (const auto* nothing :
       {"{}", R"({"buildStatus":[]})", R"({"buildStatus":null})", R"({"buildStatus":["other"]})"}) {
    EXPECT_EQ(known(nothing), Capabilities{}) << nothing;
  }
}

TEST(CapabilitiesAnswer, IsMissingFromOlderServers) {
  for (const auto* body : {"", R"({"errors":[{"message":"The requested resource does not exist."}]})",
                           R"({"message":"null for uri","status-code":404})"}) {
    EXPECT_TRUE(std::holds_alternative<NoSuchResource>(read_capabilities(answer(404, body)))) << body;
  }
}

TEST(CapabilitiesAnswer, IsNotTakenFromAnythingElse) {
  EXPECT_EQ(failure(404, "<html>"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(200, "<html>"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(200, "[]"), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(204, ""), DeliveryResult::not_the_api);
  EXPECT_EQ(failure(401, ""), DeliveryResult::bad_login);
  EXPECT_EQ(failure(503, "{}"), DeliveryResult::try_later);
}

TEST(PropertiesRequest, AsksForTheVersion) {
  EXPECT_EQ(properties_request().target, "/rest/api/latest/application-properties");
  EXPECT_EQ(properties_request().method, http::Method::get);
  EXPECT_EQ(properties_request().peer, http::PeerId::bitbucket);
}

TEST(PropertiesAnswer, TellsTheVersion) {
  const auto read = read_properties(answer(200, R"({"buildNumber":"8019012","buildDate":"1735689600000",)"
                                                R"("displayName":"Bitbucket","version":"8.19.12"})"));
  ASSERT_TRUE(std::holds_alternative<ServerVersion>(read));
  EXPECT_EQ(std::get<ServerVersion>(read), (ServerVersion{8, 19}));
}

TEST(PropertiesAnswer, IsNotTakenFromAnythingElse) {
  for (const auto* body : {"", "[]", "{}", "null", R"({"version":7.14})", R"({"version":null})",
                           R"({"version":"new"})", R"({"version":"8.19)", "<html>"}) {
    const auto read = read_properties(answer(200, body));
    ASSERT_TRUE(std::holds_alternative<Delivery>(read)) << body;
    EXPECT_EQ(std::get<Delivery>(read).result, DeliveryResult::not_the_api) << body;
  }
  const auto elsewhere =
      read_properties(answer(404, R"({"errors":[{"message":"The requested resource does not exist."}]})"));
  ASSERT_TRUE(std::holds_alternative<Delivery>(elsewhere));
  EXPECT_TRUE(std::get<Delivery>(elsewhere).text.ends_with(
      "; check bitbucket.url (BITBUCKET_URL) and its context path"));
  const auto down = read_properties(answer(502, ""));
  ASSERT_TRUE(std::holds_alternative<Delivery>(down));
  EXPECT_EQ(std::get<Delivery>(down).result, DeliveryResult::try_later);
}

}  // namespace
}  // namespace connector::bitbucket
