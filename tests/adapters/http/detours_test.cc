// What may lead a request or a credential elsewhere: redirects, proxies, a netrc file. None does unasked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>
#include <variant>

#include "adapters/http/wire_fixture.hh"
#include "core/text/text.hh"
#include "http/curl_wire.hh"
#include "support/fetch.hh"
#include "support/local_server.hh"
#include "support/raw_server.hh"
#include "support/temp_dir.hh"
#include "support/test_certificates.hh"

namespace connector::http {
namespace {

using support::fetch;
using support::RawConnection;
using support::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* redirects[] = {"301 Moved", "302 Found", "303 See Other", "307 Temporary",
                                     "308 Permanent"};

TEST(Redirect, IsNotFollowedAndItsTargetIsNamed) {
  RawServer elsewhere(saying(std::string(ok)));
  for (const char* status : redirects) {
    for (const Credential& credential :
         {Credential(BearerToken{Secret(canary)}), Credential(BasicLogin{"user", Secret(canary)})}) {
      RawServer server(saying("HTTP/1.1 " + std::string(status) + "\r\nLocation: " + elsewhere.url() +
                              "/login?token=" + percent_encode(canary) + "\r\nContent-Length: 0\r\n\r\n"));
      auto settings = settings_for(server.url());
      settings.peers[1].credential = credential;
      CurlWire wire(settings);
      const Failure failure = failure_in(fetch(wire, post()));
      EXPECT_EQ(failure.kind, FailureKind::not_the_api);
      EXPECT_THAT(failure.text, AllOf(HasSubstr("a redirect to " + elsewhere.url()),
                                      HasSubstr("bitbucket.url"), Not(HasSubstr("login"))));
    }
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(Redirect, FromHttpsToHttpIsNotFollowed) {
  const support::TestAuthority authority;
  const support::Identity identity = authority.issue();
  const support::TempDir directory;
  support::write_file(directory.file("ca.pem"), authority.certificate_pem());
  RawServer plain(saying(std::string(ok)));
  support::LocalServer server(
      [&](const httplib::Request&, httplib::Response& response) {
        response.status = 307;
        response.set_header("Location", plain.url() + "/rest/x");
      },
      {.identity = &identity});
  auto settings = settings_for(server.url());
  settings.peers[1].ca_file = directory.file("ca.pem");
  CurlWire wire(settings);
  const Failure failure = failure_in(fetch(wire, post()));
  EXPECT_EQ(failure.kind, FailureKind::not_the_api);
  EXPECT_THAT(failure.text, HasSubstr("a redirect to " + plain.url()));
  EXPECT_EQ(plain.connections(), 0);
}

TEST(Redirect, WithinBitbucketIsLeftToItsReader) {
  int requests = 0;
  RawServer server([&](RawConnection& connection) {
    while (!connection.read_request().empty()) {
      ++requests;
      connection.send("HTTP/1.1 301 Moved\r\nLocation: /rest/renamed\r\nContent-Length: 0\r\n\r\n");
    }
  });
  CurlWire wire(settings_for(server.url()));
  const Outcome outcome = fetch(wire, get());
  ASSERT_TRUE(std::holds_alternative<Response>(outcome));
  EXPECT_EQ(std::get<Response>(outcome).headers.find("location"), "/rest/renamed");
  EXPECT_EQ(failure_in(fetch(wire, get("/v2/x", PeerId::buildkite))).kind, FailureKind::not_the_api);
  EXPECT_EQ(requests, 2);
}

TEST(Proxy, IsAskedForATunnelAndShownNoCredential) {
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

TEST(Proxy, ThatWantsALoginIsNotTakenForThePeer) {
  RawServer proxy(saying("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
  auto settings = settings_for("http://bitbucket.example");
  for (PeerSettings& peer : settings.peers) peer.allow_http = true;
  settings.peers[1].proxy = proxy.url();
  CurlWire wire(settings);
  const Failure failure = failure_in(fetch(wire, post()));
  EXPECT_EQ(failure.kind, FailureKind::proxy_login);
  EXPECT_FALSE(failure.may_have_arrived);
  EXPECT_THAT(failure.text, HasSubstr("bitbucket.proxy"));
}

/// An environment variable for the time of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (old_) {
      setenv(name_, old_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(Proxy, OfTheEnvironmentIsHonouredExceptForLoopback) {
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

  for (const char* variable : {"no_proxy", "NO_PROXY"}) {
    const Variable no_proxy(variable, "bitbucket.invalid");
    failure_in(fetch(wire, get()));
  }
  EXPECT_EQ(proxy.connections(), 1);
}

TEST(Netrc, LendsNoLogin) {
  const support::TempDir home;
  support::write_file(home.file(".netrc"),
                      "machine 127.0.0.1 login stranger password stranger\n"
                      "default login stranger password stranger\n");
  const Variable variable("HOME", home.path());
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.read_request();
    connection.send(ok);
  });
  auto settings = settings_for(server.url());
  settings.peers[1].credential = {};
  CurlWire wire(settings);
  fetch(wire, get());
  EXPECT_THAT(seen, AllOf(StartsWith("GET /rest/x"), Not(HasSubstr("Authorization"))));
}

}  // namespace
}  // namespace connector::http
