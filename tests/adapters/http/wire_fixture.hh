// What the tests of the wire share: settings with a credential to look for, requests in short, scripts of
// peers.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/text/text.hh"
#include "http/curl_wire.hh"
#include "support/fake_message.hh"
#include "support/raw_server.hh"

namespace connector::http {

/// Appears in requests where it belongs and nowhere else. Each of its other forms differs from it.
inline constexpr const char* canary = "canary/5ecret+%";

/// Whether a text holds the canary, as it is, percent-encoded or as a Basic login of "user".
inline bool shows_canary(const std::string& text) {
  const std::string login = support::base64(std::string("user:") + canary);
  for (const std::string& form :
       {std::string(canary), percent_encode(canary), support::base64(canary), login}) {
    if (text.find(form) != std::string::npos) return true;
  }
  return false;
}

inline CurlWireSettings settings_for(const std::string& url) {
  CurlWireSettings settings;
  for (PeerSettings& peer : settings.peers) {
    peer.base_url = url;
    peer.credential = BearerToken{Secret(canary)};
  }
  settings.user_agent = "buildkite-bitbucket-connector/test";
  settings.limits.total = std::chrono::seconds{5};
  return settings;
}

inline Request get(std::string target = "/rest/x?page=2", PeerId peer = PeerId::bitbucket) {
  return {.peer = peer, .method = Method::get, .target = std::move(target)};
}

inline Request post(std::string target = "/rest/x") {
  return {
      .peer = PeerId::bitbucket, .method = Method::post, .target = std::move(target), .body = R"({"a":1})"};
}

inline Failure failure_in(Outcome outcome) {
  const auto* failure = std::get_if<Failure>(&outcome);
  if (failure == nullptr) {
    ADD_FAILURE() << "answered " << std::get<Response>(outcome).status;
    return {};
  }
  EXPECT_FALSE(shows_canary(failure->text)) << failure->text;
  EXPECT_THAT(failure->text, testing::AllOf(testing::Not(testing::HasSubstr("page=2")),
                                            testing::Not(testing::HasSubstr("\n"))));
  return *failure;
}

inline constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";

/// Reads the request, says this, closes.
inline std::function<void(support::RawConnection&)> saying(std::string bytes) {
  return [bytes = std::move(bytes)](support::RawConnection& connection) {
    connection.read_request();
    connection.send(bytes);
  };
}

inline void reset_in_headers(support::RawConnection& connection) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\nContent-");
  connection.reset();
}

inline void silence(support::RawConnection& connection) {
  connection.read_request();
  connection.stay_silent();
}

}  // namespace connector::http
