// The program on networks that fail it: addresses, proxies, certificates, answers made to harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

#include "core/text/text.hh"
#include "end_to_end/program.hh"
#include "support/dead_port.hh"
#include "support/gzip_bomb.hh"
#include "support/h2_front.hh"
#include "support/own_namespace.hh"
#include "support/raw_server.hh"
#include "support/sanitized.hh"
#include "support/test_certificates.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::Process;
using support::Program;
using support::RawConnection;
using support::RawServer;
using testing::HasSubstr;

TEST(PeerThatNeverAnswers, HoldsNoPassBeyondItsDeadline) {
  const auto dead = support::DeadPort::open(support::Loopback::v4);
  ASSERT_TRUE(dead);
  RawServer silent([](RawConnection& connection) {
    connection.read_request();
    connection.stay_silent();
  });
  Program without_connection;
  Program without_answer;
  without_connection.environment["BUILDKITE_API_URL"] = "http://127.0.0.1:" + std::to_string(dead->port());
  without_answer.environment["BUILDKITE_API_URL"] = silent.url();
  const auto begun = std::chrono::steady_clock::now();
  const auto first = without_connection.start({"--deadline=1s"});
  const auto second = without_answer.start({"--deadline=1s"});
  EXPECT_EQ(first->wait(60s).exit_status, 75);
  EXPECT_EQ(second->wait(60s).exit_status, 75);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 6s);
}

TEST(CertificateOfAnUnknownAuthority, IsTrustedOnlyByItsOwnCaFile) {
  if (support::H2Front::program().empty()) GTEST_SKIP() << "nghttpx is not installed";
  const support::TestAuthority authority;
  Program program;
  program.add_passed_builds(30);
  support::H2Front front(authority.issue(), program.http.bitbucket().port());
  program.environment["BITBUCKET_URL"] = front.url();
  const auto refused = program.run({"--state=none", "--log-level=debug"});
  EXPECT_EQ(refused.exit_status, 76) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("certificate"));
  EXPECT_EQ(program.peers.bitbucket_log.size(), 0U);

  support::write_file(program.directory.file("ca.pem"), authority.certificate_pem());
  program.environment["BITBUCKET_CA_FILE"] = program.directory.file("ca.pem");
  const auto trusted = program.run({"--log-level=debug"});
  EXPECT_EQ(trusted.exit_status, 0) << trusted.err;
  EXPECT_EQ(program.peers.bitbucket.record_count(), 30U);
  const auto answered = front.stop();
  ASSERT_GE(answered.size(), 30U);
  for (const auto& line : answered) {
    EXPECT_EQ(line.protocol, "h2");
    EXPECT_EQ(line.client_port, answered.front().client_port) << "one connection for the whole pass";
  }
}

TEST(Requests, SayWhichProgramSendsThem) {
  Program program;
  program.add_passed_builds(1);
  std::set<std::string> agents;
  const auto listen = [&](const support::FakeRequest& request, const support::Handler& peer) {
    agents.insert(request.header("user-agent"));
    return peer(request);
  };
  program.peers.buildkite_faults.always(listen);
  program.peers.bitbucket_faults.always(listen);
  const std::string version = program.run({"--version"}).out;
  program.run();
  ASSERT_EQ(agents.size(), 1U);
  EXPECT_THAT(*agents.begin(), testing::MatchesRegex("buildkite-bitbucket-connector/[0-9.]+.*"));
  EXPECT_THAT(version, HasSubstr(agents.begin()->substr(agents.begin()->find('/') + 1)));
}

TEST(LinkToAnotherHost, IsIgnored) {
  RawServer elsewhere([](RawConnection& connection) { connection.read_request(); });
  Program program;
  program.add_passed_builds(150);
  std::size_t links = 0;
  program.peers.buildkite_faults.always([&](const support::FakeRequest& request, const auto& peer) {
    auto answer = peer(request);
    for (auto& [name, value] : answer.headers) {
      if (ascii_lower(name) != "link") continue;
      value = "<" + elsewhere.url() + "/v2/builds?page=2>; rel=\"next\"";
      ++links;
    }
    return answer;
  });
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.peers.bitbucket.record_count(), 150U);
  EXPECT_GE(links, 1U);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(Proxy, ThatRefusesIsNamedWithoutItsLogin) {
  for (const auto& [peer, host] :
       {std::pair("BUILDKITE", "BUILDKITE_API_URL"), std::pair("BITBUCKET", "BITBUCKET_URL")}) {
    for (const auto& [answer, status, text] : {std::tuple("407 Proxy Authentication Required", 77, "407"),
                                               std::tuple("503 Unavailable", 75, "503")}) {
      RawServer proxy([line = std::string(answer)](RawConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n");
      });
      Program program;
      program.keep_clone_urls();
      program.add_passed_builds(20);
      program.environment[host] = "https://peer.example.com";
      program.environment[std::string(peer) + "_PROXY"] = "http://me:hunter2@" + proxy.url().substr(7);
      const auto result = program.run({"--log-level=debug"});
      EXPECT_EQ(result.exit_status, status) << result.err;
      EXPECT_THAT(result.err, HasSubstr(text));
      EXPECT_THAT(result.err, HasSubstr("proxy"));
      EXPECT_EQ(result.err.find("hunter2"), std::string::npos) << result.err;
      EXPECT_EQ(program.run({"--print-config"}).out.find("hunter2"), std::string::npos);
    }
  }
}

TEST(Authorities, ThatAreMissingAreNoticedBeforeAnyRequest) {
  Program program;
  program.add_passed_builds(1);
  const std::string empty = program.directory.file("empty.pem");
  support::write_file(empty, "");
  for (const std::string& file : {program.directory.file("missing.pem"), empty}) {
    program.environment["BITBUCKET_CA_FILE"] = file;
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 78) << result.err;
    EXPECT_THAT(result.err, HasSubstr(file));
  }
  EXPECT_EQ(program.peers.buildkite_log.size(), 0U);
}

TEST(Authorities, ThatTheSystemLacksAreNoticedBeforeAnyRequest) {
  constexpr const char* bundle = "/etc/ssl/certs/ca-certificates.crt";
  if (!std::ifstream(bundle)) GTEST_SKIP() << "this system keeps its authorities elsewhere";
  const std::string reason = support::in_own_namespace(CLONE_NEWNS, [] {
    Program program;
    program.add_passed_builds(1);
    const std::string empty = program.directory.file("empty.pem");
    support::write_file(empty, "");
    support::mount_over(bundle, empty);
    program.environment["BITBUCKET_URL"] = "https://bitbucket.example.com";
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 78) << result.err;
    EXPECT_THAT(result.err, HasSubstr("ca-certificates"));
    EXPECT_THAT(result.err, HasSubstr("bitbucket.ca_file"));
    EXPECT_EQ(program.peers.buildkite_log.size(), 0U);
  });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

/// The most memory a process has had resident, in MiB.
std::size_t peak_memory(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes >> 10U;
  }
  return 0;
}

TEST(GzipBomb, IsRefusedInBoundedMemory) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer's own memory would count";
  Program program;
  program.peers.buildkite_faults.always(
      support::answer_instead({200,
                               {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}},
                               support::gzip_of_zeros(64)}));
  pid_t pid = 0;
  std::size_t peak = 0;
  std::mutex guard;
  support::HttpFront snitch(
      [&](const support::FakeRequest&) {
        peak = peak_memory(pid);  // the pass is over, the process is not
        return support::FakeAnswer{202, {}, {}};
      },
      guard);
  program.environment["DMS_SNITCH_ID"] = "c2354d53d2";
  program.environment["HEARTBEAT_URL"] = snitch.url();
  std::unique_lock lock(guard);
  const auto process = program.start();
  pid = process->pid();
  lock.unlock();
  const auto result = process->wait(60s);
  EXPECT_EQ(result.exit_status, 76) << result.err;
  EXPECT_GT(peak, 0U);
  EXPECT_LT(peak, 64U);
}

}  // namespace
}  // namespace connector
