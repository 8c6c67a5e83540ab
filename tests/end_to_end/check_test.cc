// --check: a line for each step, the remedy where something is wrong, the exit status of the worst. Here what
// it says of the whole and of Buildkite.
#include <sys/stat.h>

#include <chrono>
#include <string>

#include "end_to_end/check_world.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;

using Check = support::CheckWorld;

TEST_F(Check, OfAWorkingSetUpSaysOkToEachStepAndPostsNothing) {
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const auto* line :
       {"ok       configuration:", "ok       state:",
        "ok       Buildkite builds: the newest 2 belong to 2 pipelines", "ok       Bitbucket version: 8.19",
        "ok       Bitbucket endpoint:", "ok       Bitbucket login: taken",
        "ok       pipeline web: reported to ACME/web", "ok       pipeline deploy:"}) {
    EXPECT_TRUE(says(result, line)) << line << "\n" << result.out;
  }
  EXPECT_TRUE(says(result, "ok       Buildkite token: has the scope read_builds and expires at"))
      << result.out;
  EXPECT_FALSE(says(result, "failed")) << result.out;
  EXPECT_EQ(program.posts(), 0U);
}

TEST_F(Check, WarnsOfATokenThatEndsSoon) {
  program.peers.buildkite.settings().token_lasts = 47h;
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(says(result, "warning  Buildkite token: expires at")) << result.out;
}

TEST_F(Check, NamesAMissingScope) {
  program.peers.buildkite.settings().scopes = {"read_organizations"};
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Buildkite token: lacks the scope read_builds")) << result.out;
}

TEST_F(Check, NamesAWrongOrganization) {
  program.environment["BUILDKITE_ORGANIZATION"] = "acme-ltd";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 78);
  EXPECT_TRUE(says(result, "BUILDKITE_ORGANIZATION")) << result.out;
}

TEST_F(Check, ComparesTheClocks) {
  EXPECT_TRUE(says(check(), "warning  Buildkite clock: differs from this machine's by"))
      << "the fake's stands still";
}

TEST_F(Check, NamesADirectoryThatOthersMayWriteTo) {
  ASSERT_EQ(::chmod(program.directory.path().c_str(), 0777), 0);
  EXPECT_TRUE(says(check("--check=offline"), "warning  state: others may write"))
      << check("--check=offline").out;
}

TEST_F(Check, NamesADamagedStateAndLeavesItInPlace) {
  support::write_file(program.state_file(), "damaged");
  const auto result = check();
  EXPECT_TRUE(says(result, "is damaged: ")) << result.out;
  EXPECT_TRUE(says(result, "; the next pass sets it aside and starts from the initial search time"))
      << result.out;
  EXPECT_EQ(support::read_file(program.state_file()), "damaged");
}

TEST_F(Check, NamesAServerThatIsNotThere) {
  program.environment["BITBUCKET_URL"] = "http://127.0.0.1:1";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 75);
  EXPECT_TRUE(says(result, "failed   Bitbucket connection: 127.0.0.1:1")) << result.out;
}

TEST_F(Check, OfAWrongTokenStillLooksAtBitbucket) {
  program.environment["BUILDKITE_API_TOKEN"] = "wrong";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Buildkite token:")) << result.out;
  EXPECT_TRUE(says(result, "ok       Bitbucket version:")) << result.out;
}

TEST_F(Check, OfflineAsksNoServer) {
  const auto result = check("--check=offline");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.peers.buildkite_log.size() + program.peers.bitbucket_log.size(), 0U);
  EXPECT_TRUE(says(result, "ok       configuration:")) << result.out;
}

TEST_F(Check, TakesNoOtherValue) {
  EXPECT_EQ(check("--check=quick").exit_status, 64);
}

TEST_F(Check, NamesTheAddressOfAnApiThatIsNone) {
  program.environment["BUILDKITE_API_URL"] += "/acme-inc";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 76);
  EXPECT_TRUE(says(result, "so this is not its API; check buildkite.url (BUILDKITE_API_URL)")) << result.out;
}

TEST_F(Check, SaysWhatCouldNotBeLookedAt) {
  program.environment["BUILDKITE_API_TOKEN"] = "0123456789";
  const auto result = check();
  EXPECT_TRUE(says(result,
                   "warning  not looked at: Buildkite builds, which pipelines belong to which repositories; "
                   "mend first what is told above"))
      << result.out;
}

}  // namespace
}  // namespace connector
