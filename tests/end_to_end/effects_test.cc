// What variables do beyond being shown: what arrives at the servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "end_to_end/program.hh"
#include "support/local_server.hh"
#include "support/raw_server.hh"
#include "support/test_certificates.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::FakeRequest;
using support::Program;
using testing::HasSubstr;
using testing::StartsWith;

/// The two servers in the names of variables.
struct Server {
  std::string prefix;
  std::string url;  ///< the variable with its address
};

const std::vector<Server>& servers() {
  static const std::vector<Server> both = {{"BUILDKITE", "BUILDKITE_API_URL"},
                                           {"BITBUCKET", "BITBUCKET_URL"}};
  return both;
}

std::string file_with(Program& program, const std::string& name, const std::string& text) {
  support::write_file(program.directory.file(name), text);
  return program.directory.file(name);
}

void expect_reported(Program& program) {
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.peers.bitbucket.record_count(), 3U);
}

/// The names under which the same value may be given, and what they are needed for.
TEST(Effect, OfEachNameOfANeededVariableIsThatServersTakeIt) {
  for (const auto& [usual, other] : {std::pair("BUILDKITE_API_TOKEN", "BUILDKITE_TOKEN"),
                                     {"BUILDKITE_ORGANIZATION", "BUILDKITE_ORGANIZATION_SLUG"},
                                     {"BITBUCKET_URL", "BITBUCKET_SERVER_URL"},
                                     {"BITBUCKET_USERNAME", "BITBUCKET_SERVER_USERNAME"},
                                     {"BITBUCKET_PASSWORD", "BITBUCKET_SERVER_PASSWORD"}}) {
    SCOPED_TRACE(other);
    Program program;
    program.add_passed_builds(3);
    auto value = program.environment.extract(usual);
    EXPECT_EQ(program.run().exit_status, 78) << "without " << usual;
    value.key() = other;
    program.environment.insert(std::move(value));
    expect_reported(program);
  }
}

TEST(Effect, OfTheNameOfASecretsFileIsThatServersTakeWhatIsInIt) {
  for (const auto& [usual, other] : {std::pair("BUILDKITE_API_TOKEN", "BUILDKITE_API_TOKEN_FILE"),
                                     {"BUILDKITE_API_TOKEN", "BUILDKITE_TOKEN_FILE"},
                                     {"BITBUCKET_PASSWORD", "BITBUCKET_PASSWORD_FILE"},
                                     {"BITBUCKET_PASSWORD", "BITBUCKET_SERVER_PASSWORD_FILE"}}) {
    SCOPED_TRACE(other);
    Program program;
    program.add_passed_builds(3);
    program.environment[other] = file_with(program, "secret", program.environment.at(usual) + "\n");
    program.environment.erase(usual);
    expect_reported(program);
    EXPECT_THAT(program.run({"--print-config"}).out,
                HasSubstr("# environment variable " + std::string(other) + " ("));
  }
}

TEST(Effect, OfBitbucketsTokenIsALoginWithoutUser) {
  for (const bool by_file : {false, true}) {
    Program program;
    program.add_passed_builds(3);
    program.environment.erase("BITBUCKET_USERNAME");
    program.environment.erase("BITBUCKET_PASSWORD");
    const std::string token = program.peers.bitbucket.settings().credentials.token;
    program.environment[by_file ? "BITBUCKET_TOKEN_FILE" : "BITBUCKET_TOKEN"] =
        by_file ? file_with(program, "token", token) : token;
    std::string sent;
    program.peers.bitbucket_faults.always([&](const FakeRequest& request, const support::Handler& peer) {
      sent = request.header("authorization");
      return peer(request);
    });
    expect_reported(program);
    EXPECT_EQ(sent, "Bearer " + token);
  }
}

TEST(Effect, OfTheCredentialsDirectoryIsThatServersTakeWhatIsInIt) {
  Program program;
  program.add_passed_builds(3);
  file_with(program, "buildkite-token", program.environment.extract("BUILDKITE_API_TOKEN").mapped());
  file_with(program, "bitbucket-password", program.environment.extract("BITBUCKET_PASSWORD").mapped());
  program.environment["CREDENTIALS_DIRECTORY"] = program.directory.path();
  expect_reported(program);
}

TEST(Effect, OfTheFileOfAWatchersAddressIsARequestToIt) {
  Program program;
  std::vector<std::string> asked;
  support::HttpFront watcher(
      [&](const FakeRequest& request) {
        asked.push_back(request.target);
        return support::FakeAnswer{202, {}, {}};
      },
      program.http.models());
  program.environment["HEARTBEAT_URL"] = watcher.url();
  program.environment["DMS_SNITCH_ID_FILE"] = file_with(program, "snitch", "c2354d53d2\n");
  program.environment["HEARTBEAT_PING_URL_FILE"] = file_with(program, "ping", watcher.url() + "/ping/1\n");
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_THAT(asked, testing::UnorderedElementsAre(StartsWith("/c2354d53d2?"), StartsWith("/ping/1")));
}

TEST(Effect, OfTheApiIsWhereStatusesArePosted) {
  for (const auto& [api, path] : {std::pair("builds", "/rest/api/latest/projects/ACME/repos/web/commits/"),
                                  {"build-status", "/rest/build-status/1.0/commits/"}}) {
    Program program;
    program.add_passed_builds(3);
    program.environment["BITBUCKET_API"] = api;
    expect_reported(program);
    EXPECT_EQ(program.peers.bitbucket_log.count("POST", path), 3U) << api;
  }
}

TEST(Effect, OfConnectionsIsHowManyThereAreAtATime) {
  for (const std::size_t most : {1U, 3U}) {
    Program program;
    program.add_passed_builds(30);
    program.environment["BITBUCKET_CONNECTIONS"] = std::to_string(most);
    program.peers.bitbucket_faults.always(support::answer_late(5ms));
    EXPECT_EQ(program.run().exit_status, 0);
    EXPECT_EQ(program.http.bitbucket().most_at_once(), most);
  }
}

/// A server that only understands TLS, and how many requests got through to it.
struct SecureServer {
  explicit SecureServer(bool asks_for_certificate)
      : server(
            [this](const httplib::Request&, httplib::Response& response) {
              ++requests;
              response.status = 404;
            },
            {.identity = &identity, .client_authority = asks_for_certificate ? &authority : nullptr}) {}

  support::TestAuthority authority;
  support::Identity identity = authority.issue();
  std::atomic<int> requests{0};
  support::LocalServer server;
};

TEST(Effect, OfACaFileIsThatTheServerIsTrusted) {
  for (const auto& [prefix, url] : servers()) {
    SecureServer secure(false);
    Program program;
    program.keep_clone_urls();
    program.add_passed_builds(1);
    program.environment[url] = secure.server.url();
    EXPECT_EQ(program.run().exit_status, 76);
    EXPECT_EQ(secure.requests, 0);
    program.environment[prefix + "_CA_FILE"] =
        file_with(program, "ca.pem", secure.authority.certificate_pem());
    program.run();
    EXPECT_GT(secure.requests, 0) << prefix;
  }
}

TEST(Effect, OfAClientCertificateIsThatTheServerIsShownIt) {
  for (const auto& [prefix, url] : servers()) {
    SecureServer secure(true);
    Program program;
    program.keep_clone_urls();
    program.add_passed_builds(1);
    program.environment[url] = secure.server.url();
    program.environment[prefix + "_CA_FILE"] =
        file_with(program, "ca.pem", secure.authority.certificate_pem());
    EXPECT_NE(program.run().exit_status, 0);
    EXPECT_EQ(secure.requests, 0);
    const support::Identity own = secure.authority.issue({.subject_name = "DNS:connector"});
    program.environment[prefix + "_CLIENT_CERTIFICATE"] =
        file_with(program, "own.pem", own.certificate_pem());
    program.environment[prefix + "_CLIENT_KEY"] = file_with(program, "own.key", own.key_pem());
    program.run();
    EXPECT_GT(secure.requests, 0) << prefix;
  }
}

/// A proxy for plain http that notes what it is asked for and finds nothing.
class Proxy {
 public:
  explicit Proxy(Program& program)
      : front_(
            [this](const FakeRequest& request) {
              asked_.push_back(request.target);
              return support::message_answer(404, "nothing");
            },
            program.http.models()) {}

  [[nodiscard]] std::string url() const { return front_.url(); }
  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }

 private:
  std::vector<std::string> asked_;
  support::HttpFront front_;
};

// A server is only asked over plain http beyond this machine when that is allowed, here through a proxy.
TEST(Effect, OfAProxyAndOfAllowHttpIsARequestThroughTheProxy) {
  for (const auto& [prefix, url] : servers()) {
    Program program;
    program.keep_clone_urls();
    program.add_passed_builds(1);
    Proxy proxy(program);
    program.environment[url] = "http://server.example.com";
    program.environment[prefix + "_PROXY"] = proxy.url();
    const auto refused = program.run();
    EXPECT_EQ(refused.exit_status, 78);
    EXPECT_THAT(refused.err, HasSubstr(prefix + "_ALLOW_HTTP"));
    program.environment[prefix + "_ALLOW_HTTP"] = "true";
    program.run();
    ASSERT_FALSE(proxy.asked().empty()) << prefix;
    EXPECT_THAT(proxy.asked(), testing::Each(StartsWith("http://server.example.com/")));
  }
}

TEST(Effect, OfTheHeartbeatsAllowHttpIsAHeartbeatInTheOpen) {
  Program program;
  Proxy proxy(program);
  program.environment["DMS_SNITCH_ID"] = "c2354d53d2";
  program.environment["HEARTBEAT_URL"] = "http://snitch.example.com";
  program.environment["http_proxy"] = proxy.url();
  EXPECT_EQ(program.run().exit_status, 78);
  program.environment["HEARTBEAT_ALLOW_HTTP"] = "true";
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_THAT(proxy.asked(), testing::ElementsAre(StartsWith("http://snitch.example.com/c2354d53d2?")));
}

TEST(Effect, OfTheMetricsAllowHttpIsAPushInTheOpen) {
  Program program;
  Proxy proxy(program);
  program.environment["METRICS_PUSHGATEWAY_URL"] = "http://push.example.com";
  program.environment["http_proxy"] = proxy.url();
  EXPECT_EQ(program.run().exit_status, 78);
  program.environment["METRICS_ALLOW_HTTP"] = "true";
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_THAT(proxy.asked(), testing::ElementsAre(StartsWith("http://push.example.com/metrics/job/")));
}

TEST(Effect, OfTheEnvironmentsProxyIsATunnelUnlessNoProxyNamesTheServer) {
  for (const bool is_exempt : {false, true}) {
    std::string asked;
    support::RawServer proxy([&](support::RawConnection& connection) { asked = connection.read_request(); });
    Program program;
    program.environment["BUILDKITE_API_URL"] = "https://server.invalid";
    program.environment["HTTPS_PROXY"] = proxy.url();
    if (is_exempt) program.environment["NO_PROXY"] = "server.invalid";
    EXPECT_EQ(program.run({"--deadline=2s"}).exit_status, 75);
    EXPECT_EQ(proxy.connections() == 0, is_exempt);
    EXPECT_THAT(asked, StartsWith(is_exempt ? "" : "CONNECT server.invalid:443 "));
  }
}

}  // namespace
}  // namespace connector
