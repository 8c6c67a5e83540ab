// What is refused before a credential goes anywhere.
#include "http/peer_settings.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/error.hh"
#include "support/temp_dir.hh"

namespace connector::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

PeerSettings settings_for(std::string url) {
  PeerSettings settings;
  settings.base_url = std::move(url);
  return settings;
}

/// The message a peer's settings are refused with.
std::string refusal(const PeerSettings& settings) {
  try {
    checked_address(PeerId::bitbucket, settings);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::config);
    return error.what();
  }
  return "accepted";
}

TEST(PeerSettings, TakeABaseUrlApart) {
  const PeerAddress address =
      checked_address(PeerId::bitbucket, settings_for("https://Bitbucket.Example:8443/stash/"));
  EXPECT_EQ(address.base_url, "https://bitbucket.example:8443/stash");
  EXPECT_EQ(address.host, "bitbucket.example");
  EXPECT_EQ(address.authority, "bitbucket.example:8443");
  EXPECT_EQ(address.path, "/stash");
  EXPECT_FALSE(address.loopback);
}

TEST(PeerSettings, AllowPlainHttpToLoopbackOnlyUnlessToldOtherwise) {
  for (const char* url :
       {"http://127.0.0.1:7990", "http://localhost", "http://[::1]:7990", "http://127.1.2.3"}) {
    EXPECT_EQ(refusal(settings_for(url)), "accepted") << url;
  }
  for (const char* url : {"http://bitbucket.example", "http://128.0.0.1", "http://127.0.0.1.evil.example",
                          "http://localhost.evil.example", "http://[::2]"}) {
    EXPECT_THAT(refusal(settings_for(url)), HasSubstr("bitbucket.allow_http")) << url;
  }
  PeerSettings allowed = settings_for("http://bitbucket.example");
  allowed.allow_http = true;
  EXPECT_EQ(refusal(allowed), "accepted");
}

TEST(PeerSettings, RefuseUrlsThatAreNoPlainBase) {
  for (const char* url : {"", "bitbucket", "ftp://bitbucket.example", "file:///etc/passwd", "https://",
                          "https://a b", "https://bitbucket.example/?a=b", "https://bitbucket.example/#top",
                          "https://bitbucket.example/\r\nX: y"}) {
    EXPECT_THAT(refusal(settings_for(url)), HasSubstr("bitbucket.url: ")) << url;
  }
}

TEST(PeerSettings, RefuseUserInfoWithoutRepeatingIt) {
  for (const char* url : {"https://canary@bitbucket.example", "https://u:canary@bitbucket.example"}) {
    EXPECT_THAT(refusal(settings_for(url)),
                AllOf(HasSubstr("user name or password"), Not(HasSubstr("canary"))));
  }
}

TEST(PeerSettings, RefuseCredentialsThatWouldBreakAHeader) {
  for (const std::string& text :
       {std::string("canary\r\nX: y"), std::string("canary\n"), std::string("cana\0ry", 7)}) {
    PeerSettings settings = settings_for("https://bitbucket.example");
    settings.credential = BearerToken{Secret(text)};
    EXPECT_THAT(refusal(settings), AllOf(HasSubstr("bitbucket.token"), Not(HasSubstr("cana"))));
    settings.credential = BasicLogin{"user", Secret(text)};
    EXPECT_THAT(refusal(settings), AllOf(HasSubstr("bitbucket.password"), Not(HasSubstr("cana"))));
    settings.credential = BasicLogin{text, Secret("x")};
    EXPECT_THAT(refusal(settings), AllOf(HasSubstr("bitbucket.username"), Not(HasSubstr("cana"))));
  }
  PeerSettings colon = settings_for("https://bitbucket.example");
  colon.credential = BasicLogin{"a:b", Secret("x")};
  EXPECT_THAT(refusal(colon), HasSubstr("bitbucket.username"));
}

TEST(PeerSettings, RefuseHeadersAndProxiesWithLineBreaks) {
  for (const std::string& text :
       {std::string("X: a\r\nY: b"), std::string("X: a\n"), std::string("X: a\0b", 6)}) {
    PeerSettings settings = settings_for("https://bitbucket.example");
    settings.proxy = text;
    EXPECT_THAT(refusal(settings), HasSubstr("bitbucket.proxy"));
    settings.proxy.clear();
    settings.extra_headers = {text};
    EXPECT_THROW(checked_address(PeerId::bitbucket, settings), Error);
  }
}

TEST(PeerSettings, RefuseCertificateFilesThatCannotServe) {
  const support::TempDir directory;
  support::write_file(directory.file("empty.pem"), "");
  support::write_file(directory.file("good.pem"), "-----BEGIN CERTIFICATE-----\n");
  for (const std::string& path :
       {directory.file("missing.pem"), directory.file("empty.pem"), directory.path()}) {
    PeerSettings settings = settings_for("https://bitbucket.example");
    settings.ca_file = path;
    EXPECT_THAT(refusal(settings), AllOf(HasSubstr("bitbucket.ca_file"), HasSubstr(path)));
    settings.ca_file = directory.file("good.pem");
    EXPECT_EQ(refusal(settings), "accepted");
    settings.client_certificate = path;
    EXPECT_THAT(refusal(settings), HasSubstr("bitbucket.client_certificate"));
  }
}

TEST(PeerSettings, TellOriginsApart) {
  EXPECT_EQ(origin_of("https://Bitbucket.Example/a?b"), "https://bitbucket.example:443");
  EXPECT_EQ(origin_of("http://bitbucket.example"), "http://bitbucket.example:80");
  EXPECT_EQ(origin_of("ftp://bitbucket.example"), "");
  EXPECT_EQ(origin_of(""), "");
}

}  // namespace
}  // namespace connector::http
