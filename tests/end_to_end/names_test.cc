// The program where names cannot be resolved: in a network and a view of files of its own, which not every
// machine permits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <string>
#include <tuple>

#include "end_to_end/program.hh"
#include "support/fake_name_server.hh"
#include "support/own_namespace.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::NameAnswer;
using support::Program;
using testing::HasSubstr;

/// Names are asked of a server of our own; for a thread in namespaces of its own.
class OwnNames {
 public:
  /// `options` say how patient those who ask are.
  explicit OwnNames(const std::string& options) {
    const std::string resolver = directory_.file("resolv.conf");
    const std::string order = directory_.file("nsswitch.conf");
    support::write_file(resolver, "nameserver 127.0.0.1\noptions " + options + '\n');
    support::write_file(order, "hosts: files dns\n");
    support::mount_over("/etc/resolv.conf", resolver);
    support::mount_over("/etc/nsswitch.conf", order);
  }

  support::FakeNameServer server;

 private:
  support::TempDir directory_;
};

constexpr int network_and_files = CLONE_NEWNET | CLONE_NEWNS;

/// The same peer under a name.
void rename_peer(Program& program, const std::string& variable, const std::string& name) {
  std::string& url = program.environment.at(variable);
  url = "http://" + name + url.substr(url.rfind(':'));
}

void fail_names_once(NameAnswer how) {
  OwnNames names("timeout:1 attempts:1");
  for (const auto& [variable, allow, name] :
       {std::tuple("BUILDKITE_API_URL", "BUILDKITE_ALLOW_HTTP", "buildkite.example.com"),
        std::tuple("BITBUCKET_URL", "BITBUCKET_ALLOW_HTTP", "bitbucket.example.com")}) {
    Program program;
    program.add_passed_builds(3);
    rename_peer(program, variable, name);
    program.environment[allow] = "true";
    program.keep_clone_urls();
    names.server.answer(how);
    const auto failed = program.run({"--log-level=debug"});
    EXPECT_EQ(failed.exit_status, 75) << failed.err;
    EXPECT_THAT(failed.err, HasSubstr(name));
    names.server.answer(NameAnswer::loopback);
    const auto mended = program.run();
    EXPECT_EQ(mended.exit_status, 0) << mended.err;
    EXPECT_EQ(program.peers.bitbucket.record_count(), 3U) << name;
  }
}

TEST(NameThatDoesNotExist, IsNamedAndTriedAgainByTheNextPass) {
  const std::string reason =
      support::in_own_namespace(network_and_files, [] { fail_names_once(NameAnswer::no_such_name); });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST(NameServerThatFails, IsATroubleThatTheNextPassMends) {
  const std::string reason =
      support::in_own_namespace(network_and_files, [] { fail_names_once(NameAnswer::server_failure); });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST(NameServerThatIsSilent, HoldsNoPassBeyondItsDeadline) {
  const std::string reason = support::in_own_namespace(network_and_files, [] {
    OwnNames names("timeout:20");
    names.server.answer(NameAnswer::silence);
    Program program;
    rename_peer(program, "BUILDKITE_API_URL", "buildkite.example.com");
    program.environment["BUILDKITE_ALLOW_HTTP"] = "true";
    const auto begun = std::chrono::steady_clock::now();
    const auto result = program.run({"--deadline=1s"});
    EXPECT_EQ(result.exit_status, 75) << result.err;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 6s);
  });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

}  // namespace
}  // namespace connector
