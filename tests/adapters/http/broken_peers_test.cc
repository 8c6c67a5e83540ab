// What the wire makes of peers that break HTTP: always a failure that says where and why, within its limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

#include "adapters/http/wire_fixture.hh"
#include "http/curl_wire.hh"
#include "support/fetch.hh"
#include "support/gzip_bomb.hh"
#include "support/raw_server.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::fetch;
using support::RawConnection;
using support::RawServer;
using testing::HasSubstr;
using testing::StartsWith;

struct BrokenPeer {
  const char* name;
  std::function<void(RawConnection&)> script;
  FailureKind kind;
  const char* text;
  std::chrono::milliseconds total{20'000};
  std::size_t posted = 2;
};

void PrintTo(const BrokenPeer& row, std::ostream* out) {
  *out << row.name;
}

class BrokenPeers : public testing::TestWithParam<BrokenPeer> {};

TEST_P(BrokenPeers, AreFailuresThatSayWhereAndWhy) {
  const BrokenPeer& row = GetParam();
  RawServer server(row.script);
  auto settings = settings_for(server.url());
  settings.limits.total = row.total;
  settings.limits.stall = 1s;
  settings.limits.stall_bytes = 10;
  CurlWire wire(settings);
  Request request = post("/rest/x?page=2");
  request.body_limit = std::size_t{1} << 20U;
  request.body = std::string(row.posted, ' ');
  const Failure failure = failure_in(fetch(wire, request));
  EXPECT_EQ(failure.kind, row.kind) << failure.text;
  EXPECT_TRUE(failure.may_have_arrived);
  EXPECT_THAT(failure.text, StartsWith(server.url().substr(7) + " /rest/x: "));
  EXPECT_THAT(failure.text, HasSubstr(row.text));
}

/// Reads the request, says the first part once and the second until the client has had enough.
std::function<void(RawConnection&)> repeating(std::string first, std::string rest) {
  return [first = std::move(first), rest = std::move(rest)](RawConnection& connection) {
    connection.read_request();
    if (!connection.send(first)) return;
    while (connection.send(rest)) {
    }
  };
}

std::string gzip_bomb() {
  const std::string body = support::gzip_of_zeros(64);
  return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

void reset_at_once(RawConnection& connection) {
  connection.read_request();
  connection.reset();
}

/// Leaves while a body that no socket's buffer holds is still being sent.
void reset_in_post(RawConnection& connection) {
  connection.receive();
  connection.reset();
}

void reset_in_body(RawConnection& connection) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,");
  connection.reset();
}

void dripping(RawConnection& connection, std::chrono::milliseconds pause) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
  connection.drip(std::string(1000, ' '), pause);
}

void slow_drip(RawConnection& connection) {
  dripping(connection, 500ms);
}

void steady_drip(RawConnection& connection) {
  dripping(connection, 20ms);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BrokenPeers,
    testing::Values(
        BrokenPeer{"closes_at_once", saying(""), FailureKind::unreachable, "Empty reply"},
        BrokenPeer{"reset_before_headers", reset_at_once, FailureKind::unreachable, "reset"},
        BrokenPeer{.name = "reset_in_post",
                   .script = reset_in_post,
                   .kind = FailureKind::unreachable,
                   .text = "",
                   .posted = std::size_t{32} << 20U},
        BrokenPeer{"reset_in_headers", reset_in_headers, FailureKind::unreachable, "reset"},
        BrokenPeer{"reset_in_body", reset_in_body, FailureKind::unreachable, "reset"},
        BrokenPeer{"cut_body", saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,"),
                   FailureKind::unreachable, "bytes remaining"},
        BrokenPeer{"cut_chunks", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n"),
                   FailureKind::unreachable, "closed"},
        BrokenPeer{"silence", silence, FailureKind::unreachable, "too slow"},
        BrokenPeer{"slow_drip", slow_drip, FailureKind::unreachable, "too slow"},
        BrokenPeer{"steady_drip", steady_drip, FailureKind::unreachable, "timed out", 1500ms},
        BrokenPeer{"garbage", saying("\x16\x03\x01garbage\r\n\r\n"), FailureKind::not_the_api, "HTTP/0.9"},
        BrokenPeer{"wrong_encoding",
                   saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
                   FailureKind::not_the_api, "encoding"},
        BrokenPeer{"endless_headers",
                   repeating("HTTP/1.1 200 OK\r\n", "X-More: " + std::string(500, 'x') + "\r\n"),
                   FailureKind::not_the_api, "bytes of headers"},
        BrokenPeer{"endless_interim_answers",
                   repeating("", "HTTP/1.1 103 Early Hints\r\nX-More: more\r\n\r\n"),
                   FailureKind::not_the_api, "bytes of headers"},
        BrokenPeer{"announced_oversize",
                   repeating("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", std::string(4096, ' ')),
                   FailureKind::not_the_api, "more than 1048576 bytes"},
        BrokenPeer{"endless_chunks",
                   repeating("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                             "1000\r\n" + std::string(4096, ' ') + "\r\n"),
                   FailureKind::not_the_api, "more than 1048576 bytes"},
        BrokenPeer{"gzip_bomb", saying(gzip_bomb()), FailureKind::not_the_api, "more than 1048576 bytes"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace connector::http
