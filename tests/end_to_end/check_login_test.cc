// --check and the login: one deliberate attempt, which passes know of, and what it says when nothing asks for
// the login.
#include <chrono>
#include <string>

#include "end_to_end/check_world.hh"

namespace connector {
namespace {

using support::commit_named;
using namespace std::chrono_literals;

using LoginCheck = support::CheckWorld;

TEST_F(LoginCheck, OfAWrongPasswordMakesOneAttemptAndStops) {
  program.environment["BITBUCKET_PASSWORD"] = "wrong";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_TRUE(says(result, "failed   Bitbucket login:")) << result.out;
  EXPECT_TRUE(says(result, "BITBUCKET_PASSWORD")) << result.out;
  EXPECT_EQ(program.peers.bitbucket.login().wrong_passwords(), 1U);
}

TEST_F(LoginCheck, OfALoginThatIsTakenAgainLetsPassesTryIt) {
  program.peers.bitbucket.settings().credentials.password = "changed on the server";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(program.run().exit_status, 77);
    program.peers.organization.advance(2h);
  }
  program.peers.bitbucket.settings().credentials = support::Credentials{};
  EXPECT_EQ(program.run().exit_status, 77) << "three refusals are enough, nobody tries any more";
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "passes try it again")) << result.out;
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
}

TEST_F(LoginCheck, CountsARefusalTogetherWithThoseOfPasses) {
  program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  const auto first = check();
  EXPECT_EQ(first.exit_status, 77);
  EXPECT_TRUE(says(first, "noted for passes, refusal 1 of this login")) << first.out;
  EXPECT_TRUE(says(first, "not tried again before ")) << first.out;
  EXPECT_EQ(program.run().exit_status, 77);
  EXPECT_EQ(program.peers.bitbucket.login().wrong_passwords(), 1U) << "the pass does not try it";
  EXPECT_TRUE(says(check(), "refusal 2 of this login"));
  const auto third = check();
  EXPECT_TRUE(says(third, "refusal 3 of this login")) << third.out;
  EXPECT_TRUE(says(third, "not tried again, so that Bitbucket does not lock the account")) << third.out;
  program.peers.organization.advance(24h);
  EXPECT_EQ(program.run().exit_status, 77);
  EXPECT_EQ(program.peers.bitbucket.login().wrong_passwords(), 3U);
}

TEST_F(LoginCheck, OfAnotherLoginAfterARefusalIsTriedByPassesAtOnce) {
  const std::string right = program.environment["BITBUCKET_PASSWORD"];
  program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  EXPECT_EQ(check().exit_status, 77);
  program.environment["BITBUCKET_PASSWORD"] = right;
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
}

TEST_F(LoginCheck, WithoutAStateFileNotesNothing) {
  program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  const auto result = program.run({"--check", "--state=none"});
  EXPECT_EQ(result.exit_status, 77);
  EXPECT_FALSE(says(result, "noted for passes")) << result.out;
}

TEST_F(LoginCheck, LeavesADamagedStateInPlaceEvenIfTheLoginIsRefused) {
  support::write_file(program.state_file(), "damaged");
  program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  EXPECT_EQ(check().exit_status, 77);
  EXPECT_EQ(support::read_file(program.state_file()), "damaged");
}

struct LoginWithoutPipelines : testing::Test {
  support::ProcessResult check() { return program.run({"--check"}); }
  static bool says(const support::ProcessResult& result, const std::string& text) {
    return support::CheckWorld::says(result, text);
  }
  support::Program program;
};

TEST_F(LoginWithoutPipelines, IsTriedOnEveryVersion) {
  for (const auto& profile : {support::bitbucket_5(), support::bitbucket_7(), support::bitbucket_10()}) {
    program.peers.bitbucket.settings().profile = profile;
    const auto result = check();
    EXPECT_EQ(result.exit_status, 0) << result.out;
    EXPECT_TRUE(says(result, "ok       Bitbucket login: taken")) << profile.version << "\n" << result.out;
    EXPECT_TRUE(says(result, "warning  Buildkite builds: the newest 0 belong to 0 pipelines")) << result.out;
  }
}

TEST_F(LoginWithoutPipelines, IsRefusedOnceWhenItIsWrong) {
  program.environment["BITBUCKET_PASSWORD"] = "0123456789";
  EXPECT_EQ(check().exit_status, 77);
  EXPECT_EQ(program.peers.bitbucket.login().wrong_passwords(), 1U);
}

TEST_F(LoginWithoutPipelines, IsNotCalledTakenWhereNothingProvesIt) {
  program.peers.bitbucket_faults.whenever(
      [](const auto& request) { return request.target.find("/build-status/") != std::string::npos; },
      support::answer_status(404));
  const auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "warning  Bitbucket login: not refused, but nothing here proves it"))
      << result.out;
}

}  // namespace
}  // namespace connector
