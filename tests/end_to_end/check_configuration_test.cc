// The way of somebody who has never seen the program, from nothing to a set-up that works, by what --check
// says alone; and --check about this machine: configuration, secrets, state.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

#include "end_to_end/check_world.hh"

namespace connector {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Newcomer : support::CheckWorld {
  Newcomer() {
    needed = program.environment;
    program.environment.clear();
    program.environment["HOME"] = program.directory.path();
  }
  /// What --check prints after `name` was set to what the servers want, or to something else.
  std::string after(const std::string& name, const std::string& value = "") {
    program.environment[name] = value.empty() ? needed.at(name) : value;
    result = check();
    return result.out;
  }

  support::Environment needed;
  support::ProcessResult result;
};

TEST_F(Newcomer, IsLedFromNothingToASetUpThatWorks) {
  program.environment["BUILDKITE_API_URL"] = needed.at("BUILDKITE_API_URL");
  result = check();
  EXPECT_EQ(result.exit_status, 78);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("failed   configuration: missing setting buildkite.token (environment "
                              "variable BUILDKITE_API_TOKEN"),
                    HasSubstr("https://buildkite.com/user/api-access-tokens"),
                    HasSubstr("/.config/buildkite-bitbucket-connector/config.toml"),
                    HasSubstr("contrib/config.toml")));
  EXPECT_EQ(result.err, "");

  for (const auto* name : {"BUILDKITE_API_TOKEN", "BUILDKITE_ORGANIZATION", "BITBUCKET_URL",
                           "BITBUCKET_USERNAME", "BITBUCKET_PASSWORD"}) {
    EXPECT_THAT(result.out, HasSubstr(name));
    after(name);
  }
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("the first pass makes the directory"));
  EXPECT_EQ(program.run().exit_status, 0) << "and it does";
  EXPECT_EQ(program.posts(), 2U);
}

TEST_F(Newcomer, IsToldWhichVariableOrFileEachMistakeIsIn) {
  program.environment = needed;
  EXPECT_THAT(
      after("BUILDKITE_API_TOKEN", "0123456789"),
      HasSubstr(
          "set BUILDKITE_API_TOKEN or buildkite.token to a valid one; --print-config shows where it comes from"));
  after("BUILDKITE_API_TOKEN");
  program.peers.buildkite.settings().scopes = {};
  EXPECT_THAT(check().out, HasSubstr("lacks the scope read_builds; make one with it at https://"));
  program.peers.buildkite.settings().scopes = {"read_builds"};
  EXPECT_THAT(after("BUILDKITE_ORGANIZATION", "acme-ltd"),
              HasSubstr("check buildkite.organization (BUILDKITE_ORGANIZATION)"));
  after("BUILDKITE_ORGANIZATION");
  EXPECT_THAT(after("BITBUCKET_URL", needed.at("BITBUCKET_URL") + "/projects/ACME"),
              HasSubstr("failed   Bitbucket version: "));
  EXPECT_THAT(result.out, HasSubstr("check bitbucket.url (BITBUCKET_URL), its context path"));
  EXPECT_THAT(after("BITBUCKET_URL", needed.at("BITBUCKET_URL") + "/rest/api/1.0"),
              HasSubstr("check bitbucket.url (BITBUCKET_URL) and its context path"));
  EXPECT_THAT(after("BITBUCKET_URL", "https://bitbucket.org/acme"),
              HasSubstr("failed   configuration: bitbucket.url (environment variable BITBUCKET_URL): "
                        "bitbucket.org is no Bitbucket Server or Data Center"));
  EXPECT_THAT(after("BITBUCKET_URL", "http://git.acme.com"), HasSubstr("bitbucket.allow_http = true"));
  after("BITBUCKET_URL");
  EXPECT_THAT(after("BITBUCKET_PASSWORD", "0123456789"),
              HasSubstr("(BITBUCKET_TOKEN); --print-config shows where it comes from"));
  after("BITBUCKET_PASSWORD");
  EXPECT_EQ(result.exit_status, 0) << result.out;
}

TEST_F(Newcomer, IsToldOfTheContextPathThatIsMissing) {
  program.environment = needed;
  program.peers.bitbucket.settings().context_path = "/bitbucket";
  EXPECT_THAT(check().out, HasSubstr("its context path"));
  EXPECT_EQ(check().exit_status, 76);
  program.keep_clone_urls();
  EXPECT_THAT(after("BITBUCKET_URL", needed.at("BITBUCKET_URL") + "/bitbucket"),
              HasSubstr("ok       Bitbucket login: taken"));
}

TEST_F(Newcomer, SeesEachMistakeOfTheFileWithItsLine) {
  const std::string file = program.directory.file("config.toml");
  support::write_file(file, "[buildkite]\norganisation = \"acme-inc\"\n\n[bitbucket]\napi = \"new\"\n");
  const auto seen = program.run({"--check", "--config", file});
  EXPECT_EQ(seen.exit_status, 78);
  EXPECT_THAT(seen.out,
              AllOf(HasSubstr("failed   configuration: " + file +
                              ":2:1: unknown key 'buildkite.organisation'; "
                              "did you mean 'buildkite.organization'?\n    "),
                    HasSubstr("failed   configuration: " + file + ":5:7: bitbucket.api: 'new' is not one of"),
                    HasSubstr("failed   configuration: the configuration file that was read is " + file),
                    HasSubstr("warning  not looked at: state, Buildkite, Bitbucket")));
}

struct SecretsCheck : support::CheckWorld {
  SecretsCheck() : file(program.directory.file("config.toml")) {
    const std::string password = std::exchange(program.environment["BITBUCKET_PASSWORD"], "");
    support::write_file(file, "[bitbucket]\npassword = \"" + password + "\"\n");
    program.environment["CONNECTOR_CONFIG"] = file;
  }
  std::string file;
};

TEST_F(SecretsCheck, WarnsOfAFileThatEverybodyCanRead) {
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  auto result = check();
  EXPECT_EQ(result.exit_status, 0) << result.out;
  EXPECT_TRUE(says(result, "warning  configuration: " + file +
                               " holds bitbucket.password and everybody can read it: "
                               "chmod 600 " +
                               file))
      << result.out;
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_FALSE(says(check(), "warning  configuration"));
}

TEST_F(SecretsCheck, RefusesAFileThatEverybodyCanWriteTo) {
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  const auto result = check();
  EXPECT_EQ(result.exit_status, 78) << result.out;
  EXPECT_TRUE(says(result, "make it yours alone: chmod 600 " + file)) << result.out;
}

TEST_F(SecretsCheck, NamesACaFileThatIsMissing) {
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  program.environment["BITBUCKET_CA_FILE"] = program.directory.file("missing.pem");
  const auto result = check("--check=offline");
  EXPECT_EQ(result.exit_status, 78) << result.out;
  EXPECT_TRUE(says(result, "failed   configuration: bitbucket.ca_file: cannot read ")) << result.out;
}

using StateCheck = support::CheckWorld;

TEST_F(StateCheck, NamesADirectoryThatIsMissingAndTheCommandThatMakesIt) {
  const std::string directory = program.directory.file("not there");
  program.environment["CONNECTOR_STATE"] = directory + "/state.json";
  auto result = check();
  EXPECT_EQ(result.exit_status, 73) << result.out;
  EXPECT_TRUE(says(result, "does not exist; make it for user")) << result.out;
  EXPECT_TRUE(says(result, "name another file with --state, CONNECTOR_STATE or state.file")) << result.out;
  std::filesystem::create_directory(directory);
  EXPECT_EQ(check().exit_status, 0);
}

TEST_F(StateCheck, NamesADirectoryThatCannotBeWritten) {
  if (const auto why = support::why_no_mounts(); !why.empty()) GTEST_SKIP() << why;
  const auto result = program.run_with_mounts(
      "mkdir ro; mount -t tmpfs -o ro none ro\n"
      "\"$0\" --check=offline --state ro/state.json || echo status $?");
  EXPECT_TRUE(says(result, "failed   state: the directory ro cannot be written by user")) << result.out;
  EXPECT_TRUE(says(result, "status 73")) << result.out;
}

TEST_F(StateCheck, NamesAPlaceThatIsNoFile) {
  program.environment["CONNECTOR_STATE"] = program.directory.path();
  const auto result = check("--check=offline");
  EXPECT_EQ(result.exit_status, 73) << result.out;
  EXPECT_TRUE(says(result, "failed   state: ")) << result.out;
}

TEST_F(StateCheck, GivesTheCommandThatSetsAForeignStateAside) {
  EXPECT_EQ(program.run().exit_status, 0);
  const std::string state = support::read_file(program.state_file());
  program.environment["BITBUCKET_URL"] += "/bitbucket";
  const auto result = check("--check=offline");
  EXPECT_EQ(result.exit_status, 65) << result.out;
  EXPECT_TRUE(says(result, "failed   state: the state file")) << result.out;
  EXPECT_TRUE(says(result, " --reset-state\n")) << result.out;
  EXPECT_FALSE(says(result, "--check")) << "which would set nothing aside\n" << result.out;
  EXPECT_EQ(support::read_file(program.state_file()), state);
}

}  // namespace
}  // namespace connector
