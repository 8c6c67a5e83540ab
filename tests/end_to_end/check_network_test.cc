// --check on networks that fail it: the step that failed is named with what helps, and what could not be
// looked at any more is not passed over.
#include <sched.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <string>
#include <tuple>

#include "end_to_end/check_world.hh"
#include "support/dead_port.hh"
#include "support/fake_name_server.hh"
#include "support/h2_front.hh"
#include "support/own_namespace.hh"
#include "support/raw_server.hh"
#include "support/test_certificates.hh"

namespace connector {
namespace {

using support::TestAuthority;
using namespace std::chrono_literals;

struct WayCheck : support::CheckWorld {
  /// Looks at a Bitbucket at this address, and expects this exit status and these words.
  void expect(const std::string& url, int status, const std::string& words, const std::string& more = "") {
    program.environment["BITBUCKET_URL"] = url;
    const auto result = check();
    EXPECT_EQ(result.exit_status, status) << result.out;
    EXPECT_TRUE(says(result, words)) << words << "\n" << result.out;
    EXPECT_TRUE(says(result, more)) << more << "\n" << result.out;
    EXPECT_TRUE(says(result, "warning  not looked at: ")) << result.out;
    EXPECT_TRUE(says(result, "Bitbucket version, Bitbucket login, Bitbucket endpoint")) << result.out;
  }
};

TEST_F(WayCheck, SaysThatNobodyTakesTheConnection) {
  expect("http://127.0.0.1:1", 75, "failed   Bitbucket connection: 127.0.0.1:1",
         "check its host and port in bitbucket.url (BITBUCKET_URL)");
}

TEST_F(WayCheck, SaysThatThePortSpeaksNoTls) {
  expect("https" + program.http.bitbucket().url().substr(4), 76,
         "failed   Bitbucket TLS: ", "that port speaks no TLS: check port and https://");
}

TEST_F(WayCheck, SaysThatTheNameDoesNotExist) {
  const std::string reason = support::in_own_namespace(CLONE_NEWNET | CLONE_NEWNS, [&] {
    const support::TempDir files;
    support::write_file(files.file("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    support::write_file(files.file("nsswitch.conf"), "hosts: files dns\n");
    support::mount_over("/etc/resolv.conf", files.file("resolv.conf"));
    support::mount_over("/etc/nsswitch.conf", files.file("nsswitch.conf"));
    support::FakeNameServer names;
    names.answer(support::NameAnswer::no_such_name);
    expect("https://git.acme.internal", 75, "failed   Bitbucket DNS: git.acme.internal",
           "check the host in bitbucket.url (BITBUCKET_URL) and this machine's name server");
  });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST_F(WayCheck, NamesAProxyThatRefuses) {
  for (const auto& [answer, status, words] :
       {std::tuple("407 Proxy Authentication Required", 77, "give the right one in bitbucket.proxy"),
        std::tuple("503 Unavailable", 75, "the proxy answered 503")}) {
    support::RawServer proxy([line = std::string(answer)](support::RawConnection& connection) {
      connection.read_request();
      connection.send("HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n");
    });
    program.environment["BITBUCKET_PROXY"] = "http://me:hunter2@" + proxy.url().substr(7);
    expect("https://git.acme.internal", status, "failed   Bitbucket proxy: ", words);
  }
}

TEST_F(WayCheck, NamesAProxyThatIsNotThere) {
  program.environment["BITBUCKET_PROXY"] = "http://127.0.0.1:1";
  expect("https://git.acme.internal", 75, "failed   Bitbucket proxy: ", "bitbucket.proxy (BITBUCKET_PROXY)");
}

struct CertificateCheck : WayCheck {
  CertificateCheck() {
    support::write_file(program.directory.file("ca.pem"), authority.certificate_pem());
    program.environment["BITBUCKET_CA_FILE"] = program.directory.file("ca.pem");
  }
  void expect_refused(const support::Identity& identity, const std::string& words,
                      const std::string& way_out) {
    const support::H2Front front(identity, program.http.bitbucket().port());
    expect(front.url(), 76, words, way_out);
  }

  TestAuthority authority;
};

TEST_F(CertificateCheck, SaysWhatIsWrongWithEach) {
  if (support::H2Front::program().empty()) GTEST_SKIP() << "nghttpx is not installed";
  const std::string failed = "failed   Bitbucket TLS: ";
  expect_refused(support::self_signed(), "self-signed", "set bitbucket.ca_file (BITBUCKET_CA_FILE)");
  expect_refused(authority.issue({.valid_from_days = -10, .valid_until_days = -1}), "certificate has expired",
                 "renew the server's certificate, or correct this machine's clock");
  expect_refused(authority.issue({.subject_name = "DNS:git.acme.com"}), failed,
                 "write the host as the server's certificate does in bitbucket.url (BITBUCKET_URL)");
  expect_refused(authority.intermediate().issue(), failed,
                 "let the server send its intermediate certificate along");
}

TEST_F(CertificateCheck, IsContentWithOneOfTheCaFile) {
  if (support::H2Front::program().empty()) GTEST_SKIP() << "nghttpx is not installed";
  program.keep_clone_urls();
  const support::H2Front front(authority.issue(), program.http.bitbucket().port());
  program.environment["BITBUCKET_URL"] = front.url();
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "ok       Bitbucket TLS: the server's certificate is valid and names 127.0.0.1"))
      << result.out;
}

using CutCheck = support::CheckWorld;

TEST_F(CutCheck, ByTheDeadlineFailsAndSaysWhatIsLeft) {
  program.peers.bitbucket_faults.whenever(
      [](const auto& request) { return request.target.find("/conditions") != std::string::npos; },
      support::answer_late(3s));
  program.environment["BITBUCKET_CONNECTIONS"] = "1";
  const auto result = program.run({"--check", "--deadline=2s"});
  EXPECT_EQ(result.exit_status, 75) << result.out;
  EXPECT_TRUE(says(result, "failed   not looked at: ")) << result.out;
  EXPECT_TRUE(says(result, "required builds of ACME/web; time was up; give it more with --deadline=10m"))
      << result.out;
}

TEST_F(CutCheck, ByAServerThatFailsAgainAndAgainNamesWhatWasGivenUp) {
  for (int i = 0; i < 30; ++i)
    program.peers.organization.add(program.a_build_of("p" + std::to_string(100 + i)).passed());
  int answered = 0;
  program.peers.bitbucket_faults.whenever(
      [&](const auto& request) {
        return request.target.find("/repos/p1") != std::string::npos && ++answered > 0;
      },
      support::answer_html(200));
  const auto result = check();
  EXPECT_EQ(result.exit_status, 76) << result.out;
  EXPECT_TRUE(says(result, "failed   repository ACME/p100: ")) << result.out;
  EXPECT_LT(answered, 20) << "it is left alone after ten failures in a row";
  EXPECT_TRUE(says(result, " to ACME/web (")) << result.out;
}

TEST_F(CutCheck, BeforeTheFirstAnswerSaysThatNothingWasLookedAt) {
  support::RawServer silent([](support::RawConnection& connection) {
    connection.read_request();
    connection.stay_silent();
  });
  program.environment["BUILDKITE_API_URL"] = silent.url();
  const auto result = program.run({"--check", "--deadline=500ms"});
  EXPECT_EQ(result.exit_status, 75) << result.out;
  EXPECT_TRUE(says(result, "failed   Buildkite answer: ")) << result.out;
  EXPECT_TRUE(says(result,
                   "Bitbucket login, Bitbucket endpoint, which pipelines belong to which repositories; "
                   "time was up"))
      << result.out;
}

TEST_F(CutCheck, ByASignalEndsWithItsStatus) {
  for (const int signal : {SIGINT, SIGTERM}) {
    support::Process* running = nullptr;
    std::unique_lock lock(program.http.models());
    program.peers.bitbucket_faults.whenever(
        [](const auto& request) { return request.target.find("/conditions") != std::string::npos; },
        [&](const support::FakeRequest& request, const support::Handler& peer) {
          running->send_signal(signal);
          return peer(request);
        });
    program.environment["BITBUCKET_CONNECTIONS"] = "1";
    const auto process = program.start({"--check"});
    running = process.get();
    lock.unlock();
    const auto result = program.finish(*process);
    program.peers.bitbucket_faults.clear();
    EXPECT_EQ(result.exit_status, 128 + signal) << result.out;
    EXPECT_TRUE(says(result, "failed   not looked at: required builds of ACME/web; --check was stopped"))
        << result.out;
  }
}

}  // namespace
}  // namespace connector
