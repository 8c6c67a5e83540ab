// What Buildkite says about the API token: scopes, and the day it ends.
#include "buildkite/access_token.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>

#include "support/a_build.hh"

namespace connector::buildkite {
namespace {

using support::noon;
using namespace std::chrono_literals;

std::variant<AccessToken, NoPage> read(int status, const std::string& body) {
  http::Response response;
  response.status = status;
  response.body = body;
  return read_access_token(response);
}

TEST(AccessToken, HasScopesAndAnEnd) {
  const auto answer =
      read(200, R"({"uuid":"x","scopes":["read_builds","read_user"],"expires_at":"2026-01-15T12:00:00Z"})");
  const auto& token = std::get<AccessToken>(answer);
  EXPECT_EQ(token.scopes, (std::vector<std::string>{"read_builds", "read_user"}));
  EXPECT_EQ(token.expires_at, noon);
}

TEST(AccessToken, MayLastForEver) {
  for (const auto* body : {R"({"scopes":[]})", R"({"scopes":[],"expires_at":null})"}) {
    EXPECT_FALSE(std::get<AccessToken>(read(200, body)).expires_at.has_value()) << body;
  }
}

TEST(AccessToken, EndsSoonWithinThreeDays) {
  EXPECT_TRUE(expires_soon({{}, noon + 71h}, noon));
  EXPECT_FALSE(expires_soon({{}, noon + 72h}, noon));
  EXPECT_FALSE(expires_soon({{}, std::nullopt}, noon));
}

TEST(AccessToken, ThatIsRefusedHasACause) {
  EXPECT_EQ(std::get<NoPage>(read(401, "")).cause, ExitStatus::no_permission);
  EXPECT_EQ(std::get<NoPage>(read(503, "")).cause, ExitStatus::temp_fail);
}

TEST(AccessToken, OfSomethingThatIsNotBuildkiteIsNone) {
  for (const auto* body : {"<html>", "[]", R"({"scopes":"all"})", ""}) {
    EXPECT_EQ(std::get<NoPage>(read(200, body)).cause, ExitStatus::protocol) << body;
  }
}

}  // namespace
}  // namespace connector::buildkite
