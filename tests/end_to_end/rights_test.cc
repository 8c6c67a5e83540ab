// The least rights that are enough, as .github/SECURITY.md tells them, and what is done with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using testing::AnyOf;
using testing::ContainsRegex;
using testing::HasSubstr;

/// A token with one scope, and an account without a licence that may read one repository.
class LeastRights : public testing::Test {
 protected:
  LeastRights() {
    program.peers.buildkite.settings().scopes = {"read_builds"};
    program.peers.bitbucket.settings().unlicensed = true;
    program.add_passed_builds(3);
  }

  Program program;
};

TEST_F(LeastRights, AreEnoughForAllThatTheProgramDoes) {
  const std::string commit = commit_named("1");
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--check"},
                                                  {"-n"},
                                                  {},
                                                  {"--explain", commit},
                                                  {"--commit", commit},
                                                  {"--since", "7d"}}) {
    const auto result = program.run(options);
    EXPECT_EQ(result.exit_status, 0) << testing::PrintToString(options) << result.out << result.err;
  }
  EXPECT_EQ(program.peers.bitbucket.record_count(), 3U);
}

TEST_F(LeastRights, AreUsedForNothingButReadingAndPostingStatuses) {
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--check"}, {}, {"--explain", commit_named("1")}, {"--adopt"}})
    program.run(options);
  const std::lock_guard hold(program.http.models());
  for (const auto& request : program.peers.buildkite_log.requests()) EXPECT_EQ(request.method, "GET");
  for (const auto& request : program.peers.bitbucket_log.requests()) {
    EXPECT_THAT(request.method, AnyOf("GET", "POST")) << request.target;
    if (request.method == "GET") continue;
    EXPECT_THAT(request.target, ContainsRegex("/commits/[0-9a-f]+/builds$"));
  }
}

TEST_F(LeastRights, AreALicenceMoreOnTheOldEndpoint) {
  program.environment["BITBUCKET_API"] = "build-status";
  const auto refused = program.run({"-v"});
  EXPECT_EQ(refused.exit_status, 77) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("licence"));
  EXPECT_EQ(program.peers.bitbucket.record_count(), 0U);
  program.peers.bitbucket.settings().unlicensed = false;
  program.peers.organization.advance(std::chrono::hours{1});
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.peers.bitbucket.record_count(), 3U);
}

TEST_F(LeastRights, AreALicenceMoreToAdoptWhatIsOnTheOldEndpoint) {
  const auto adopting = program.run({"--adopt"});
  EXPECT_EQ(adopting.exit_status, 1) << adopting.err;
  EXPECT_THAT(adopting.out, HasSubstr("3 requests were refused; -v says why"));
  EXPECT_EQ(program.peers.bitbucket.record_count(), 3U) << "all else is done";
}

TEST_F(LeastRights, AreNamedWhereTheTokenLacksThem) {
  program.peers.buildkite.settings().scopes = {"read_pipelines"};
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_THAT(result.err, HasSubstr("read_builds"));
}

}  // namespace
}  // namespace connector
