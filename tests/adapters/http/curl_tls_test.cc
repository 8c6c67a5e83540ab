// TLS over real sockets, with certificates made on the spot: the wire talks to the right peer or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <variant>

#include "http/curl_wire.hh"
#include "support/fetch.hh"
#include "support/local_server.hh"
#include "support/raw_server.hh"
#include "support/temp_dir.hh"
#include "support/test_certificates.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::CertificateWish;
using support::fetch;
using support::Identity;
using support::TempDir;
using support::TestAuthority;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* canary = "canary-5ecret";

/// Answers every path with "[]" and counts the requests it understood.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity, support::TlsSettings tls = {})
      : server_(
            [this](const httplib::Request&, httplib::Response& response) {
              ++requests_;
              response.set_content("[]", "application/json");
            },
            with(identity, tls)) {}

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  static support::TlsSettings with(const Identity& identity, support::TlsSettings tls) {
    tls.identity = &identity;
    return tls;
  }

  std::atomic<int> requests_{0};
  support::LocalServer server_;
};

class CurlTls : public testing::Test {
 protected:
  CurlTls() { support::write_file(ca_file(), authority_.certificate_pem()); }

  [[nodiscard]] std::string ca_file() const { return directory_.file("ca.pem"); }

  [[nodiscard]] CurlWireSettings settings(const std::string& url) const {
    CurlWireSettings made;
    for (PeerSettings& peer : made.peers) {
      peer.base_url = url;
      peer.ca_file = ca_file();
      peer.credential = BearerToken{Secret(canary)};
    }
    made.limits.total = 5s;
    return made;
  }

  static Outcome get(CurlWireSettings settings) {
    CurlWire wire(std::move(settings));
    return fetch(wire, {.peer = PeerId::bitbucket, .target = "/rest/x"});
  }

  static Failure failure_in(const Outcome& outcome) {
    const auto* failure = std::get_if<Failure>(&outcome);
    if (failure == nullptr) {
      ADD_FAILURE() << "answered " << std::get<Response>(outcome).status;
      return {};
    }
    EXPECT_THAT(failure->text, Not(HasSubstr(canary)));
    EXPECT_FALSE(failure->may_have_arrived);
    return *failure;
  }

  TempDir directory_;
  TestAuthority authority_;
};

TEST_F(CurlTls, TrustsItsOwnCaFile) {
  const TlsServer server(authority_.issue());
  EXPECT_TRUE(std::holds_alternative<Response>(get(settings(server.url()))));
}

TEST_F(CurlTls, TrustsNothingButItsOwnCaFile) {
  const TestAuthority stranger;
  const TlsServer server(stranger.issue());
  const Failure failure = failure_in(get(settings(server.url())));
  EXPECT_EQ(failure.kind, FailureKind::not_the_api);
  EXPECT_THAT(failure.text, AllOf(HasSubstr("certificate"), HasSubstr("bitbucket.ca_file")));
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTls, WithoutCaFileTrustsTheSystemsAuthoritiesOnly) {
  const TlsServer server(authority_.issue());
  CurlWireSettings plain = settings(server.url());
  plain.peers[1].ca_file.clear();
  EXPECT_EQ(failure_in(get(plain)).kind, FailureKind::not_the_api);
}

struct BadCertificate {
  const char* name;
  CertificateWish wish;
  const char* text;
  const char* way_out;
};

TEST_F(CurlTls, RefusesCertificatesThatDoNotHold) {
  const BadCertificate cases[] = {
      {"expired",
       {.valid_from_days = -10, .valid_until_days = -1},
       "expired",
       "renew the server's certificate"},
      {"not yet valid",
       {.valid_from_days = 1, .valid_until_days = 10},
       "not yet valid",
       "this machine's clock"},
      {"wrong host", {.subject_name = "DNS:bitbucket.example"}, "127.0.0.1", "bitbucket.url (BITBUCKET_URL)"},
      {"wrong address", {.subject_name = "IP:127.0.0.2"}, "127.0.0.1", "bitbucket.url (BITBUCKET_URL)"},
      {"no host at all", {.subject_name = ""}, "127.0.0.1", "bitbucket.url (BITBUCKET_URL)"},
  };
  for (const BadCertificate& row : cases) {
    const TlsServer server(authority_.issue(row.wish));
    const Failure failure = failure_in(get(settings(server.url())));
    EXPECT_EQ(failure.kind, FailureKind::not_the_api) << row.name;
    EXPECT_EQ(failure.stage, Stage::tls) << row.name;
    EXPECT_THAT(failure.text, AllOf(HasSubstr(row.text), HasSubstr(row.way_out))) << row.name;
    EXPECT_EQ(server.requests(), 0) << row.name;
  }
}

TEST_F(CurlTls, RefusesASelfSignedCertificate) {
  const TlsServer server(support::self_signed());
  const Failure failure = failure_in(get(settings(server.url())));
  EXPECT_EQ(failure.kind, FailureKind::not_the_api);
  EXPECT_THAT(failure.text,
              AllOf(HasSubstr("self-signed"), HasSubstr("bitbucket.ca_file (BITBUCKET_CA_FILE)")));
}

TEST_F(CurlTls, RefusesAChainWithoutItsIntermediate) {
  const TestAuthority intermediate = authority_.intermediate();
  const Identity identity = intermediate.issue();
  const TlsServer complete(identity, {.intermediate = &intermediate});
  EXPECT_TRUE(std::holds_alternative<Response>(get(settings(complete.url()))));

  const TlsServer server(identity);
  const Failure failure = failure_in(get(settings(server.url())));
  EXPECT_EQ(failure.kind, FailureKind::not_the_api);
  EXPECT_THAT(failure.text, AllOf(HasSubstr("intermediate certificate"), HasSubstr("bitbucket.ca_file")));
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTls, ReadsTheAuthoritiesOnceForAllConnections) {
  const Identity identity = authority_.issue();
  const TlsServer first(identity);
  const TlsServer second(identity);
  CurlWireSettings both = settings(first.url());
  both.peers[1].base_url = second.url();
  CurlWire wire(both);
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, {.peer = PeerId::buildkite, .target = "/"})));
  ASSERT_EQ(std::remove(ca_file().c_str()), 0);
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, {.peer = PeerId::bitbucket, .target = "/"})));
}

TEST_F(CurlTls, RefusesTlsOlderThan12) {
  const TlsServer server(authority_.issue(), {.newest_version = TLS1_1_VERSION});
  EXPECT_EQ(failure_in(get(settings(server.url()))).kind, FailureKind::not_the_api);
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTls, RefusesAPortThatSpeaksPlainHttp) {
  std::string seen;
  support::RawServer server([&](support::RawConnection& connection) {
    seen = connection.receive();
    connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  });
  const Failure failure = failure_in(get(settings("https://127.0.0.1:" + std::to_string(server.port()))));
  EXPECT_EQ(failure.kind, FailureKind::not_the_api) << failure.text;
  EXPECT_EQ(failure.stage, Stage::tls);
  EXPECT_THAT(failure.text, HasSubstr("that port speaks no TLS"));
  EXPECT_THAT(seen, Not(HasSubstr(canary)));
}

TEST_F(CurlTls, TakesAConnectionLostInTheHandshakeForAPassingTrouble) {
  support::RawServer server([](support::RawConnection& connection) { connection.receive(); });
  const Failure failure = failure_in(get(settings("https://127.0.0.1:" + std::to_string(server.port()))));
  EXPECT_EQ(failure.kind, FailureKind::unreachable) << failure.text;
}

TEST_F(CurlTls, ShowsItsClientCertificate) {
  const TestAuthority client_authority;
  const Identity client = client_authority.issue({.subject_name = "DNS:connector.example"});
  support::write_file(directory_.file("client.pem"), client.certificate_pem());
  support::write_file(directory_.file("client.key"), client.key_pem());

  const TlsServer server(authority_.issue(), {.client_authority = &client_authority});

  // With TLS 1.3 the refusal comes after the handshake, as an alert or as the reset that overtakes it.
  failure_in(get(settings(server.url())));
  EXPECT_EQ(server.requests(), 0);

  CurlWireSettings with_certificate = settings(server.url());
  with_certificate.peers[1].client_certificate = directory_.file("client.pem");
  with_certificate.peers[1].client_key = directory_.file("client.key");
  EXPECT_TRUE(std::holds_alternative<Response>(get(with_certificate)));
}

}  // namespace
}  // namespace connector::http
