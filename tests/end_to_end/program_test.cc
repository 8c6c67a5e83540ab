// The program as its users run it: variables in, exit status and messages out, statuses on the pull request.
#include "end_to_end/program.hh"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace connector {
namespace {

using support::commit_named;
using support::noon;
using support::Program;
using namespace std::chrono_literals;

TEST(Program, NeedsOnlyTheSeedsFiveVariables) {
  Program program;
  const std::string commit = commit_named("c");
  program.peers.organization.add(program.a_build_of("web").commit(commit).passed());
  program.environment["HOME"] = program.directory.path();
  program.environment.erase("CONNECTOR_STATE");
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out + result.err, "") << "cron mails any output";
  EXPECT_EQ(program.shown("web", commit), "SUCCESSFUL");
}

TEST(Program, ShowsTheRightStatusForEachOf250BuildsOverSeveralPages) {
  Program program;
  const std::vector<std::pair<std::string, std::string>> states = {
      {"passed", "SUCCESSFUL"},    {"failed", "FAILED"},        {"running", "INPROGRESS"},
      {"scheduled", "INPROGRESS"}, {"failing", "FAILED"},       {"skipped", ""},
      {"canceled", "CANCELLED"},   {"canceling", "INPROGRESS"}, {"not_run", ""},
      {"creating", "INPROGRESS"}};
  std::map<std::string, std::string> expected;
  for (std::uint64_t i = 1; i <= 250; ++i) {
    const auto& [buildkite, bitbucket] = states.at(i % states.size());
    const std::string commit = commit_named(std::to_string(i));
    program.peers.organization.add(program.a_build_of("web")
                                       .number(i)
                                       .commit(commit)
                                       .created(noon - 5h + 1min * static_cast<int>(i))
                                       .in_state(buildkite));
    expected[commit] = bitbucket;
  }
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const auto& [commit, state] : expected) EXPECT_EQ(program.shown("web", commit), state) << commit;
  EXPECT_GE(program.peers.buildkite_log.count("GET", "created_to"), 2U) << "several pages";
  EXPECT_LE(program.http.bitbucket().connections(), 8U) << "connections are reused";
}

TEST(Program, PostsOnlyWhatChangedInASecondPass) {
  Program program;
  auto& organization = program.peers.organization;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    organization.add(program.a_build_of("web").number(i).commit(commit_named(std::to_string(i))).running());
  }
  ASSERT_EQ(program.run().exit_status, 0);
  organization.advance(1min);
  organization.pass("web", 7);
  program.peers.bitbucket_log.clear();
  program.peers.buildkite_log.clear();
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.peers.bitbucket_log.size(), 1U);
  EXPECT_EQ(program.peers.buildkite_log.size(), 3U);
  EXPECT_EQ(program.shown("web", commit_named("7")), "SUCCESSFUL");
}

TEST(Program, ClosesAGapOf3000BuildsAtTenRequestsAPass) {
  support::BuildkiteSettings quota;
  quota.user_limit = 10;
  Program program(quota);
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    program.peers.organization.add(program.a_build_of("web")
                                       .number(i)
                                       .commit(commit_named(std::to_string(i)))
                                       .created(noon - 100h + 1min * static_cast<int>(i))
                                       .passed());
  }
  std::size_t shown = 0;
  for (int pass = 1; pass <= 30 && shown < 3000; ++pass) {
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_GT(program.peers.bitbucket.record_count(), shown) << "pass " << pass << " made no progress";
    shown = program.peers.bitbucket.record_count();
    EXPECT_EQ(program.shown("web", commit_named("3000")), "SUCCESSFUL")
        << "the newest come with the first pass";
    program.peers.organization.advance(1min);
  }
  EXPECT_EQ(shown, 3000U);
}

TEST(Program, NamesEveryMissingSettingWithKeyAndVariable) {
  Program program;
  program.environment = {{"CONNECTOR_STATE", program.state_file()}};
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 78);
  for (const auto* name : {"buildkite.token", "BUILDKITE_API_TOKEN", "buildkite.organization",
                           "BUILDKITE_ORGANIZATION", "bitbucket.url", "BITBUCKET_URL", "bitbucket.username",
                           "BITBUCKET_USERNAME", "bitbucket.password", "BITBUCKET_PASSWORD"}) {
    EXPECT_NE(result.err.find(name), std::string::npos) << name << " in: " << result.err;
  }
}

TEST(Program, NamesFileLineColumnAndTheNearestKey) {
  Program program;
  support::write_file(program.directory.file("config.toml"), "[buildkite]\norganisation = \"acme-inc\"\n");
  const auto result = program.run({"--config", program.directory.file("config.toml")});
  EXPECT_EQ(result.exit_status, 78);
  EXPECT_NE(result.err.find("config.toml:2:1"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("buildkite.organization"), std::string::npos) << result.err;
}

TEST(Program, RefusesAnUnknownOption) {
  Program program;
  const auto result = program.run({"--dedline=5s"});
  EXPECT_EQ(result.exit_status, 64);
  EXPECT_NE(result.err.find("--deadline"), std::string::npos) << result.err;
}

struct TroubleCase {
  std::string name;
  support::Fault fault;
  int buildkite_status;
  int bitbucket_status;
};

class TroubleOverHttp : public testing::TestWithParam<TroubleCase> {};

TEST_P(TroubleOverHttp, WithBuildkiteLosesNothing) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  program.peers.buildkite_faults.always(GetParam().fault);
  const auto failed = program.run();
  EXPECT_EQ(failed.exit_status, GetParam().buildkite_status) << failed.err;
  EXPECT_NE(failed.err, "");
  program.peers.buildkite_faults.clear();
  program.peers.organization.advance(3h);
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
}

TEST_P(TroubleOverHttp, WithBitbucketLosesNothing) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  program.peers.bitbucket_faults.always(GetParam().fault);
  const auto failed = program.run();
  EXPECT_EQ(failed.exit_status, GetParam().bitbucket_status) << failed.err;
  EXPECT_NE(failed.err, "");
  program.peers.bitbucket_faults.clear();
  program.peers.organization.advance(3h);
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
}

INSTANTIATE_TEST_SUITE_P(All, TroubleOverHttp,
                         testing::Values(TroubleCase{"Status500", support::answer_status(500), 75, 75},
                                         TroubleCase{"Status401", support::answer_status(401), 77, 77},
                                         TroubleCase{"LoginPage", support::answer_html(200), 76, 76},
                                         TroubleCase{"TooMany", support::answer_too_many("3600"), 75, 75}),
                         [](const auto& param) { return param.param.name; });

TEST(Program, ReadsNothingFromATruncatedAnswerAndTriesAgainNextTime) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  program.peers.buildkite_faults.always(support::cut_the_body());
  EXPECT_EQ(program.run().exit_status, 75);
  program.peers.buildkite_faults.clear();
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
}

TEST(Program, SaysThatAnUnreachablePeerIsTemporary) {
  for (const auto* variable : {"BUILDKITE_API_URL", "BITBUCKET_URL"}) {
    Program program;
    program.peers.organization.add(program.a_build_of("web").passed());
    program.environment[variable] = "http://127.0.0.1:1";
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 75) << variable << ": " << result.err;
    EXPECT_NE(result.err.find("127.0.0.1"), std::string::npos) << result.err;
  }
}

TEST(Program, SetsADamagedStateAsideAndSaysSoOnce) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  support::write_file(program.state_file(), "{\"checksum\":");
  const auto first = program.run();
  EXPECT_EQ(first.exit_status, 1) << first.err;
  EXPECT_NE(first.err.find("damaged"), std::string::npos) << first.err;
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
  EXPECT_EQ(program.run().exit_status, 0);
}

TEST(Program, RefusesTheStateOfAnotherOrganization) {
  Program program;
  ASSERT_EQ(program.run().exit_status, 0);
  const std::string before = support::read_file(program.state_file());
  program.environment["BUILDKITE_ORGANIZATION"] = "another";
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 65) << result.err;
  EXPECT_EQ(support::read_file(program.state_file()), before);
}

TEST(Program, RefusesToOverwriteItsConfigurationWithItsState) {
  Program program;
  const std::string config = program.directory.file("config.toml");
  support::write_file(config, "[log]\nlevel = \"WARN\"\n");
  ASSERT_EQ(::symlink(config.c_str(), program.state_file().c_str()), 0);
  const auto result = program.run({"--config", config});
  EXPECT_EQ(result.exit_status, 78) << result.err;
  EXPECT_EQ(support::read_file(config), "[log]\nlevel = \"WARN\"\n");
}

TEST(Program, NeverShowsTheLoginOfAProxyItCannotRead) {
  for (const auto* variable : {"BUILDKITE_PROXY", "https_proxy"}) {
    Program program;
    program.environment[variable] = "http://me:hunter/2@127.0.0.1:1";
    program.environment["BUILDKITE_API_URL"] = "https://buildkite.example.com";
    const auto result = program.run();
    EXPECT_NE(result.exit_status, 0) << variable;
    EXPECT_EQ(result.err.find("hunter"), std::string::npos) << variable << ": " << result.err;
  }
}

TEST(Program, KeepsItsStateToItself) {
  Program program;
  ASSERT_EQ(program.run().exit_status, 0);
  struct stat facts {};
  ASSERT_EQ(::stat(program.state_file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  const std::string state = support::read_file(program.state_file());
  EXPECT_EQ(state.find(program.environment["BUILDKITE_API_TOKEN"]), std::string::npos);
  EXPECT_EQ(state.find(program.environment["BITBUCKET_PASSWORD"]), std::string::npos);
}

/// Runs a pass with a snitch and returns what the service was asked.
std::vector<std::string> snitched(Program& program) {
  std::vector<std::string> asked;
  std::mutex guard;
  support::HttpFront service(
      [&](const support::FakeRequest& request) {
        asked.push_back(request.target);
        return support::FakeAnswer{202, {}, {}};
      },
      guard);
  program.environment["DMS_SNITCH_ID"] = "c2354d53d2";
  program.environment["HEARTBEAT_URL"] = service.url();
  const auto result = program.run();
  EXPECT_EQ(result.err.find("c2354d53d2"), std::string::npos) << "the snitch is a secret";
  return asked;
}

TEST(Heartbeat, SaysThatAPassWasGood) {
  Program program;
  EXPECT_EQ(snitched(program),
            std::vector<std::string>{"/c2354d53d2?m=ok%2C%200%20statuses%20posted%2C%200%20waiting"});
}

TEST(Heartbeat, SaysThatSomebodyHasToMendSomething) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_status(401));
  const auto asked = snitched(program);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_NE(asked.front().find("&s=77"), std::string::npos) << asked.front();
}

TEST(Heartbeat, StaysSilentAboutWhatTheNextPassMends) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_status(500));
  EXPECT_TRUE(snitched(program).empty());
}

TEST(Heartbeat, ThatCannotBeSentIsAWarningWithoutTheSnitch) {
  Program program;
  program.environment["DMS_SNITCH_ID"] = "c2354d53d2";
  program.environment["HEARTBEAT_URL"] = "http://127.0.0.1:1";
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_NE(result.err.find("level=warn"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("c2354d53d2"), std::string::npos) << result.err;
}

TEST(Program, WorksWithoutAStateFile) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  EXPECT_EQ(program.run({"--state=none"}).exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
}

}  // namespace
}  // namespace connector
