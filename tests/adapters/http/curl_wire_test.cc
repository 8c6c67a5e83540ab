// The wire over real sockets: what it sends, where it goes, how it waits.
#include "http/curl_wire.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/http/wire_fixture.hh"
#include "http/curl_handles.hh"
#include "support/fetch.hh"
#include "support/raw_server.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::fetch;
using support::RawConnection;
using support::RawServer;
using testing::AllOf;
using testing::ContainsRegex;
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
  EXPECT_EQ(std::get<Response>(outcome).place, server.url().substr(7) + " /context/rest/x")
      << "without query";
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

TEST(CurlWire, ReadsEveryEncodingItAsksFor) {
  using namespace std::string_literals;
  struct Encoding {
    const char* name;
    int feature;  ///< of libcurl's build
    std::string body;
  };
  const Encoding encodings[] = {
      {"gzip", CURL_VERSION_LIBZ, "\x1f\x8b\x08\0\0\0\0\0\x02\x03\x8b\x8e\x05\0\x29\xbb\x4c\x0d\x02\0\0\0"s},
      {"deflate", CURL_VERSION_LIBZ, "\x78\x9c\x8b\x8e\x05\0\x01\x15\0\xb9"s},
      {"br", CURL_VERSION_BROTLI, "\x10\0\x10[]\x03"s},
      {"zstd", CURL_VERSION_ZSTD, "\x28\xb5\x2f\xfd\x20\x02\x11\0\0[]"s}};
  for (const Encoding& encoding : encodings) {
    if ((curl_version_info(CURLVERSION_NOW)->features & encoding.feature) == 0) continue;
    std::string seen;
    RawServer server([&](RawConnection& connection) {
      seen = connection.read_request();
      connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(encoding.name) +
                      "\r\nContent-Length: " + std::to_string(encoding.body.size()) + "\r\n\r\n" +
                      encoding.body);
    });
    CurlWire wire(settings_for(server.url()));
    const Outcome outcome = fetch(wire, get());
    EXPECT_THAT(seen, ContainsRegex("\r\nAccept-Encoding: [a-z, ]*" + std::string(encoding.name)));
    ASSERT_TRUE(std::holds_alternative<Response>(outcome)) << encoding.name;
    EXPECT_EQ(std::get<Response>(outcome).body, "[]") << encoding.name;
  }
}

TEST(CurlWire, KeepsNoCookie) {
  std::string second;
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 2\r\n\r\n[]");
    second = connection.read_request();
    connection.send(ok);
  });
  CurlWire wire(settings_for(server.url()));
  fetch(wire, get());
  fetch(wire, get());
  EXPECT_THAT(second, AllOf(StartsWith("GET "), Not(HasSubstr("Cookie"))));
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
