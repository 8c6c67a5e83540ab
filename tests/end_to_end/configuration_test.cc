// What is wrong with a configuration is named before anything is asked of a server and before the state is
// touched, and no secret is told with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using testing::HasSubstr;
using testing::Not;

/// A secret as it could be in the files and variables below; no message shows it.
const std::string secret = "c4n4ry-5ecret";

struct Fault {
  std::string name;
  std::function<void(Program&)> bring_about;
  std::vector<std::string> options;
  int exit_status;
  std::string words;  ///< that name it
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

std::function<void(Program&)> variable(const std::string& name, const std::string& value) {
  return [=](Program& program) { program.environment[name] = value; };
}

/// The token in a file of its own.
std::function<void(Program&)> token_file(const std::string& contents, mode_t mode = 0600) {
  return [=](Program& program) {
    const std::string path = program.directory.file("token");
    support::write_file(path, contents);
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    program.environment.erase("BUILDKITE_API_TOKEN");
    program.environment["BUILDKITE_API_TOKEN_FILE"] = path;
  };
}

std::function<void(Program&)> config_file(const std::string& name, const std::string& toml) {
  return [=](Program& program) {
    program.environment["CONNECTOR_CONFIG"] = program.directory.file(name);
    support::write_file(program.environment["CONNECTOR_CONFIG"], toml);
  };
}

void nothing(Program& program) {
  static_cast<void>(program);
}

const std::vector<Fault> faults = {
    {"UnknownOption", nothing, {"--dry-rum"}, 64, "did you mean '--dry-run'?"},
    {"BadDurationInAnOption",
     nothing,
     {"--deadline=soon"},
     64,
     "option --deadline: 'soon' is not a duration"},
    {"BadDurationInAVariable",
     variable("CONNECTOR_DEADLINE", "soon"),
     {},
     78,
     "environment variable CONNECTOR_DEADLINE: 'soon' is not a duration"},
    {"BadDurationInTheFile",
     config_file("c.toml", "[sync]\noverlap = \"soon\"\n"),
     {},
     78,
     "c.toml:2:11: sync.overlap: "},
    {"UnknownKey",
     config_file("c.toml", "[buildkite]\ntokn = \"" + secret + "\"\n"),
     {},
     78,
     "unknown key 'buildkite.tokn'"},
    {"NoToken",
     [](Program& program) { program.environment.erase("BUILDKITE_API_TOKEN"); },
     {},
     78,
     "missing setting buildkite.token"},
    {"EmptyTokenFile", token_file(""), {}, 78, "environment variable BUILDKITE_API_TOKEN_FILE ("},
    {"BlankTokenFile", token_file(" \t\n"), {}, 78, "holds only blanks"},
    {"TokenFileThatIsMissing",
     [](Program& program) {
       program.environment.erase("BUILDKITE_API_TOKEN");
       program.environment["BUILDKITE_API_TOKEN_FILE"] = "/nowhere/token";
     },
     {},
     78,
     "BUILDKITE_API_TOKEN_FILE (/nowhere/token): cannot be read"},
    {"TokenOfTwoLines", token_file(secret + "\n" + secret + "\n"), {}, 78, "it must be a single line"},
    {"TokenWithCarriageReturn", token_file(secret + "\r" + secret), {}, 78, "it must be a single line"},
    {"TokenWithNul", token_file(secret + std::string(1, '\0')), {}, 78, "it must be a single line"},
    {"TokenFileOfEverybody", token_file(secret, 0666), {}, 78, "everybody can write to this file"},
    {"PlainHttp",
     variable("BITBUCKET_URL", "http://git.acme.com"),
     {},
     78,
     "plain http would show the credential to the network"},
    {"UserInTheUrl",
     variable("BITBUCKET_URL", "https://bot:" + secret + "@git.acme.com"),
     {},
     78,
     "BITBUCKET_URL: the URL must not hold a user name or password"},
    {"Cloud",
     variable("BITBUCKET_URL", "https://bitbucket.org"),
     {},
     78,
     "is no Bitbucket Server or Data Center"},
    {"StateOverConfiguration", config_file("state.json", ""), {}, 78, "it would be overwritten"},
    {"LockOverConfiguration", config_file("state.json.lock", ""), {}, 78, "it would be overwritten"},
};

class ConfigurationFault : public testing::TestWithParam<Fault> {};

TEST_P(ConfigurationFault, IsNamedBeforeAnythingIsAskedOrWritten) {
  const Fault& fault = GetParam();
  Program program;
  program.add_passed_builds(1);
  const bool is_the_state = fault.name == "StateOverConfiguration";
  if (!is_the_state) support::write_file(program.state_file(), "not to be touched");
  fault.bring_about(program);
  const auto result = program.run(fault.options);
  EXPECT_EQ(result.exit_status, fault.exit_status) << result.err;
  EXPECT_THAT(result.err, HasSubstr(fault.words));
  EXPECT_THAT(result.out + result.err, Not(HasSubstr(secret)));
  EXPECT_EQ(program.peers.buildkite_log.size() + program.peers.bitbucket_log.size(), 0U);
  EXPECT_EQ(support::read_file(program.state_file()), is_the_state ? "" : "not to be touched");
}

INSTANTIATE_TEST_SUITE_P(Each, ConfigurationFault, testing::ValuesIn(faults),
                         [](const auto& fault) { return fault.param.name; });

TEST(TokenFile, EndsWithOneLineEndAtMost) {
  for (const auto& [end, status] :
       {std::pair("", 0), std::pair("\n", 0), std::pair("\r\n", 0), std::pair("\n\n", 78)}) {
    Program program;
    program.add_passed_builds(1);
    token_file(program.environment.at("BUILDKITE_API_TOKEN") + end)(program);
    EXPECT_EQ(program.run().exit_status, status);
  }
}

TEST(TokenFile, ThatOthersReadIsTakenAndHintedAtAtHome) {
  Program program;
  program.add_passed_builds(1);
  program.environment["HOME"] = program.directory.path();
  token_file(program.environment.at("BUILDKITE_API_TOKEN"), 0644)(program);
  const auto result = program.run({"--verbose"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("everybody can read it: chmod 600 "));
}

TEST(TokenFile, OfAnotherUserIsTakenAndHintedAt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  Program program;
  program.add_passed_builds(1);
  token_file(program.environment.at("BUILDKITE_API_TOKEN"))(program);
  ASSERT_EQ(::chown(program.directory.file("token").c_str(), 12345, 12345), 0);
  const auto result = program.run({"--verbose"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("belongs to another user"));
}

TEST(KeyTemplate, ThatIsChangedIsNoFault) {
  Program program;
  program.add_passed_builds(1);
  EXPECT_EQ(program.run().exit_status, 0);
  config_file("c.toml", "[status]\nkey = \"{pipeline.slug}\"\n")(program);
  program.peers.organization.add(program.a_build_of("web").number(2).commit(commit_named("2")).passed());
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
  EXPECT_EQ(program.peers.bitbucket.shown_state("ACME", "web", commit_named("2"), "web"), "SUCCESSFUL");
}

TEST(ServerOfAnotherUrl, IsRefusedTheState) {
  Program program;
  program.add_passed_builds(1);
  EXPECT_EQ(program.run().exit_status, 0);
  const std::string state = support::read_file(program.state_file());
  program.environment["BITBUCKET_URL"] = "https://git.acme.com";
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 65);
  EXPECT_THAT(result.err, HasSubstr("--reset-state"));
  EXPECT_EQ(support::read_file(program.state_file()), state);
}

}  // namespace
}  // namespace connector
