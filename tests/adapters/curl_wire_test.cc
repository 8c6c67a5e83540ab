// The wire over real sockets: what it sends, where it goes, how it waits.
#include "http/curl_wire.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/wire_fixture.hh"
#include "support/fetch.hh"
#include "support/raw_server.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::fetch;
using support::RawConnection;
using support::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(CurlWire, SendsCredentialAgentAndJsonWithAPost) {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.read_request();
    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
  });
  auto settings = settings_for(server.url() + "/context/");
  settings.peers[1].extra_headers = {"X-Atlassian-Token: no-check"};
  CurlWire wire(settings);
  const Outcome outcome = fetch(wire, post("/rest/x?y=1"));
  ASSERT_TRUE(std::holds_alternative<Response>(outcome)) << std::get<Failure>(outcome).text;
  EXPECT_EQ(std::get<Response>(outcome).status, 204);
  EXPECT_THAT(seen, StartsWith("POST /context/rest/x?y=1 HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr(std::string("\r\nAuthorization: Bearer ") + canary + "\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: buildkite-bitbucket-connector/test\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Atlassian-Token: no-check\r\n"));
  EXPECT_THAT(seen, HasSubstr("gzip"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"a\":1}"));
}

TEST(CurlWire, SignsWithABasicLogin) {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.read_request();
    connection.send(ok);
  });
  auto settings = settings_for(server.url());
  settings.peers[1].credential = BasicLogin{"user", Secret("pass:word")};
  CurlWire wire(settings);
  fetch(wire, get());
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n"));
}

TEST(CurlWire, ReusesItsConnectionAndLeavesNothingOfAPostInTheNextGet) {
  std::vector<std::string> seen;
  RawServer server([&](RawConnection& connection) {
    for (std::string request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      seen.push_back(request);
      connection.send(ok);
    }
  });
  CurlWire wire(settings_for(server.url()));
  fetch(wire, post());
  fetch(wire, get());
  fetch(wire, post());
  EXPECT_EQ(server.connections(), 1);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_THAT(seen[1],
              AllOf(StartsWith("GET /rest/x?page=2 "), Not(HasSubstr("Content-")), Not(HasSubstr("{"))));
  EXPECT_THAT(seen[2], HasSubstr("{\"a\":1}"));
}

TEST(CurlWire, ReadsTheHeadersOfTheFinalAnswerOnly) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
        "HTTP/1.1 200 OK\r\nRateLimit-Remaining:  7 \r\nX-Two: a\r\nx-two: b\r\nContent-Length: 2\r\n\r\n[]");
  });
  CurlWire wire(settings_for(server.url()));
  const Outcome outcome = fetch(wire, get());
  ASSERT_TRUE(std::holds_alternative<Response>(outcome));
  const auto& response = std::get<Response>(outcome);
  EXPECT_EQ(response.body, "[]");
  EXPECT_EQ(response.headers.find("ratelimit-remaining"), "7");
  EXPECT_EQ(response.headers.find("x-two"), "b");
  EXPECT_EQ(response.headers.find("x-early"), "");
}

TEST(CurlWire, TakesABodyOfExactlyTheLimit) {
  RawServer server(saying(std::string(ok)));
  CurlWire wire(settings_for(server.url()));
  Request request = get();
  request.body_limit = 2;
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, request)));
  request.body_limit = 1;
  EXPECT_EQ(failure_in(fetch(wire, request)).kind, FailureKind::not_the_api);
}

TEST(CurlWire, SaysThatAPostCannotHaveArrivedWhenNoConnectionStood) {
  std::string url;
  {
    url = RawServer([](RawConnection&) {}).url();
  }
  CurlWire wire(settings_for(url));
  const Failure failure = failure_in(fetch(wire, post()));
  EXPECT_EQ(failure.kind, FailureKind::unreachable);
  EXPECT_FALSE(failure.may_have_arrived);
  EXPECT_THAT(failure.text, HasSubstr("connect"));
}

TEST(CurlWire, NeverSaysThatAReadMayHaveArrived) {
  RawServer server(reset_in_headers);
  CurlWire wire(settings_for(server.url()));
  EXPECT_FALSE(failure_in(fetch(wire, get())).may_have_arrived);
}

TEST(CurlWire, SaysWhichNameCannotBeResolved) {
  auto settings = settings_for("https://bitbucket.invalid");
  CurlWire wire(settings);
  const Failure failure = failure_in(fetch(wire, get()));
  EXPECT_EQ(failure.kind, FailureKind::unreachable);
  EXPECT_THAT(failure.text, StartsWith("bitbucket.invalid /rest/x: "));
}

TEST(CurlWire, FindsTheLiveOneOfSeveralAddresses) {
  RawServer server(saying(std::string(ok)));
  CurlWire wire(settings_for("http://localhost:" + std::to_string(server.port())));
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, get())));
}

TEST(CurlWire, FollowsNoRedirectAndNamesItsTarget) {
  RawServer elsewhere(saying(std::string(ok)));
  for (const char* status : {"301 Moved", "302 Found", "307 Temporary", "308 Permanent"}) {
    RawServer server(saying("HTTP/1.1 " + std::string(status) + "\r\nLocation: " + elsewhere.url() +
                            "/login?token=x\r\nContent-Length: 0\r\n\r\n"));
    CurlWire wire(settings_for(server.url()));
    const Failure failure = failure_in(fetch(wire, post()));
    EXPECT_EQ(failure.kind, FailureKind::not_the_api);
    EXPECT_THAT(failure.text, AllOf(HasSubstr("a redirect to " + elsewhere.url()), HasSubstr("bitbucket.url"),
                                    Not(HasSubstr("login"))));
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(CurlWire, LeavesARedirectWithinBitbucketToItsReader) {
  RawServer server(saying("HTTP/1.1 301 Moved\r\nLocation: /rest/renamed\r\nContent-Length: 0\r\n\r\n"));
  CurlWire wire(settings_for(server.url()));
  const Outcome outcome = fetch(wire, get());
  ASSERT_TRUE(std::holds_alternative<Response>(outcome));
  EXPECT_EQ(std::get<Response>(outcome).headers.find("location"), "/rest/renamed");
  EXPECT_EQ(failure_in(fetch(wire, get("/v2/x", PeerId::buildkite))).kind, FailureKind::not_the_api);
}

TEST(CurlWire, GoesThroughItsProxyAndShowsItNoCredential) {
  std::string seen;
  for (const auto& [answer, kind, text] :
       {std::tuple("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
                   FailureKind::proxy_login, "bitbucket.proxy"),
        std::tuple("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n", FailureKind::unreachable,
                   "503")}) {
    const std::string bytes(answer);
    RawServer proxy([&seen, &bytes](RawConnection& connection) {
      seen = connection.read_request();
      connection.send(bytes);
    });
    auto settings = settings_for("https://bitbucket.example");
    settings.peers[1].proxy = proxy.url();
    CurlWire wire(settings);
    const Failure failure = failure_in(fetch(wire, post()));
    EXPECT_EQ(failure.kind, kind) << failure.text;
    EXPECT_FALSE(failure.may_have_arrived);
    EXPECT_THAT(failure.text, HasSubstr(text));
    EXPECT_THAT(seen, AllOf(StartsWith("CONNECT bitbucket.example:443 "), Not(HasSubstr(canary))));
  }
}

/// An environment variable for the time of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(CurlWire, HonoursTheEnvironmentsProxyExceptForLoopback) {
  std::string seen;
  RawServer proxy([&](RawConnection& connection) {
    seen = connection.read_request();
    connection.send(ok);
  });
  RawServer local(saying(std::string(ok)));
  const Variable http_proxy("http_proxy", proxy.url());
  auto settings = settings_for("http://bitbucket.invalid");
  for (PeerSettings& peer : settings.peers) peer.allow_http = true;
  settings.peers[0].base_url = local.url();
  CurlWire wire(settings);
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, get())));
  EXPECT_THAT(seen, StartsWith("GET http://bitbucket.invalid/rest/x?page=2 "));
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, get("/v2", PeerId::buildkite))));
  EXPECT_EQ(local.connections(), 1);

  const Variable no_proxy("no_proxy", "bitbucket.invalid");
  failure_in(fetch(wire, get()));
  EXPECT_EQ(proxy.connections(), 1);
}

TEST(CurlWire, RefusesTargetsThatCouldGoElsewhere) {
  CurlWire wire(settings_for("http://127.0.0.1:1"));
  for (const char* target : {"", "rest", "@evil.example/", "/a b", "/a\r\nHost: x", "/a#b", "/\xC3\xA4"}) {
    EXPECT_THROW(wire.start(1, get(target)), Error) << target;
  }
}

TEST(CurlWire, GivesUpAnAttemptAndGoesOn) {
  RawServer silent(silence);
  RawServer server(saying(std::string(ok)));
  auto settings = settings_for(server.url());
  settings.peers[0].base_url = silent.url();
  CurlWire wire(settings);
  wire.start(7, get("/v2", PeerId::buildkite));
  EXPECT_TRUE(wire.wait(wire.now() + 50ms).empty());
  wire.abort(7);
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, get())));
}

TEST(CurlWire, IsWokenOnceByItsDescriptorAndThenSleepsAgain) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const support::Descriptor read_end(ends[0]);
  const support::Descriptor write_end(ends[1]);
  ASSERT_EQ(write(write_end.get(), "x", 1), 1);
  auto settings = settings_for("http://127.0.0.1:1");
  settings.wake_descriptor = read_end.get();
  CurlWire wire(settings);
  const Steady begun = wire.now();
  wire.wait(begun + 10s);
  EXPECT_LT(wire.now() - begun, 200ms) << "before the slice of a wait is over";
  const Steady woken = wire.now();
  int waits = 0;
  while (wire.now() < woken + 500ms) {
    wire.wait(woken + 500ms);
    ++waits;
  }
  EXPECT_LT(waits, 20) << "a busy loop";
}

}  // namespace
}  // namespace connector::http
