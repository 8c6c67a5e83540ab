// What the tests of the fake Bitbucket share: a server with one repository, and a client that is logged in.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "support/a_build.hh"
#include "support/fake_bitbucket.hh"

namespace connector::support {

/// A status that every server takes, with some text put in place of its end.
inline std::string status(std::string_view key, std::string_view state, std::string_view more = "") {
  return R"({"key":")" + std::string(key) + R"(","state":")" + std::string(state) +
         R"(","url":"https://buildkite.com/acme-inc/web/builds/1")" + std::string(more) + "}";
}

/// The first value of a header of that name; empty when there is none.
inline std::string header(const FakeAnswer& answer, std::string_view name) {
  for (const auto& [sent, value] : answer.headers) {
    if (sent == name) return value;
  }
  return "";
}

class FakeBitbucketTest : public ::testing::Test {
 protected:
  FakeBitbucketTest() { bitbucket.add_repository("ACME", "web"); }

  static std::string repository(const std::string& project, const std::string& slug) {
    return "/rest/api/latest/projects/" + project + "/repos/" + slug;
  }
  static std::string builds_of(const std::string& project, const std::string& slug) {
    return repository(project, slug) + "/commits/" + commit + "/builds";
  }
  static std::string conditions_of(const std::string& project, const std::string& slug) {
    return "/rest/required-builds/latest/projects/" + project + "/repos/" + slug + "/conditions";
  }

  FakeAnswer ask(const std::string& method, const std::string& target, std::string body = "") {
    return bitbucket.handle({method, target, headers, std::move(body)});
  }
  FakeAnswer post(std::string body) { return ask("POST", builds, std::move(body)); }
  FakeAnswer post_legacy(std::string body) { return ask("POST", legacy, std::move(body)); }
  void log_in_with(const std::string& password) {
    headers["authorization"] = "Basic " + base64(bitbucket.settings().credentials.username + ':' + password);
  }

  inline static const std::string commit = commit_named("a");

  Timestamp now = noon;
  FakeBitbucket bitbucket{[this] { return now; }};
  const std::string builds = builds_of("ACME", "web");
  const std::string legacy = "/rest/build-status/1.0/commits/" + commit;
  std::map<std::string, std::string> headers = {
      {"content-type", "application/json; charset=utf-8"},
      {"authorization", "Bearer " + bitbucket.settings().credentials.token}};
};

}  // namespace connector::support
