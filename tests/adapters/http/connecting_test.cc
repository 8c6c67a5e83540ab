// How the wire reaches a peer: addresses that are dead, alone or beside live ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <string>
#include <variant>

#include "adapters/http/wire_fixture.hh"
#include "http/curl_wire.hh"
#include "support/dead_port.hh"
#include "support/fetch.hh"
#include "support/own_namespace.hh"
#include "support/raw_server.hh"
#include "support/temp_dir.hh"

namespace connector::http {
namespace {

using namespace std::chrono_literals;
using support::DeadPort;
using support::fetch;
using support::Loopback;
using support::RawServer;
using testing::AllOf;
using testing::HasSubstr;

/// Asks a server on 127.0.0.1 under a name that also has the address ::1; for a thread with a view of files
/// of its own.
void expect_an_answer_within_a_second(const RawServer& server) {
  const support::TempDir directory;
  support::write_file(directory.file("hosts"), "::1 bitbucket.example\n127.0.0.1 bitbucket.example\n");
  support::mount_over("/etc/hosts", directory.file("hosts"));
  auto settings = settings_for("http://bitbucket.example:" + std::to_string(server.port()));
  for (PeerSettings& peer : settings.peers) peer.allow_http = true;
  CurlWire wire(settings);
  const Steady begun = wire.now();
  EXPECT_TRUE(std::holds_alternative<Response>(fetch(wire, get())));
  EXPECT_LT(wire.now() - begun, 1s);
}

TEST(Connecting, LosesNoSecondToAnIPv6AddressThatRefuses) {
  RawServer server(saying(std::string(ok)));
  const std::string reason =
      support::in_own_namespace(CLONE_NEWNS, [&] { expect_an_answer_within_a_second(server); });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST(Connecting, LosesNoSecondToADeadIPv6Address) {
  RawServer server(saying(std::string(ok)));
  const auto dead = DeadPort::open(Loopback::v6, server.port());
  if (!dead) GTEST_SKIP() << "no IPv6 here";
  const std::string reason =
      support::in_own_namespace(CLONE_NEWNS, [&] { expect_an_answer_within_a_second(server); });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST(Connecting, IsGivenUpInTimeWhereNobodyAnswers) {
  const auto dead = DeadPort::open(Loopback::v4);
  ASSERT_TRUE(dead);
  auto settings = settings_for("http://127.0.0.1:" + std::to_string(dead->port()));
  settings.limits.connect = 200ms;
  CurlWire wire(settings);
  const Steady begun = wire.now();
  const Failure failure = failure_in(fetch(wire, post()));
  EXPECT_EQ(failure.kind, FailureKind::unreachable);
  EXPECT_FALSE(failure.may_have_arrived);
  EXPECT_THAT(failure.text, AllOf(HasSubstr("127.0.0.1:" + std::to_string(dead->port())),
                                  HasSubstr("Timeout was reached")));
  EXPECT_GE(wire.now() - begun, 200ms);
}

TEST(Connecting, TellsHowFarItCame) {
  const auto dead = DeadPort::open(Loopback::v4);
  ASSERT_TRUE(dead);
  RawServer proxy(saying("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n"));
  RawServer silent(silence);
  auto nobody = settings_for("http://127.0.0.1:1");
  auto never = settings_for("http://127.0.0.1:" + std::to_string(dead->port()));
  auto proxied = settings_for("https://bitbucket.example");
  for (PeerSettings& peer : proxied.peers) peer.proxy = proxy.url();
  auto no_proxy = settings_for("https://bitbucket.example");
  for (PeerSettings& peer : no_proxy.peers) peer.proxy = "http://proxy name:3128";
  auto late = settings_for(silent.url());
  for (auto* settings : {&never, &late}) settings->limits.connect = settings->limits.total = 200ms;
  const auto stage = [](const CurlWireSettings& settings) {
    CurlWire wire(settings);
    return failure_in(fetch(wire, get())).stage;
  };
  EXPECT_EQ(stage(nobody), Stage::connection);
  EXPECT_EQ(stage(never), Stage::connection);
  EXPECT_EQ(stage(proxied), Stage::proxy);
  EXPECT_EQ(stage(no_proxy), Stage::proxy);
  EXPECT_EQ(stage(late), Stage::exchange);
}

}  // namespace
}  // namespace connector::http
