// What variables do beyond being shown: how far a pass looks and how long it takes, where files are looked
// for, what is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "end_to_end/program.hh"
#include "support/raw_server.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::commit_named;
using support::Program;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Effect, OfTheSearchTimeIsHowFarTheFirstPassLooksBack) {
  Program program;
  for (const auto& [name, age] : {std::pair("young", 4h), {"old", 6h}}) {
    program.peers.organization.add(
        program.a_build_of(name).commit(commit_named(name)).created(support::noon - age).passed());
  }
  program.environment["MONITOR_INITIAL_SEARCH_TIME"] = "5";
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("young", commit_named("young")), "SUCCESSFUL");
  EXPECT_EQ(program.shown("old", commit_named("old")), "");
}

TEST(Effect, OfThePollingIntervalIsALaterDeadlineAndALongerOverlap) {
  Program program;
  program.environment["MONITOR_POLLING_INTERVAL"] = "3600";
  const std::string printed = program.run({"--print-config"}).out;
  EXPECT_THAT(printed, HasSubstr("sync.deadline = \"59m50s\""));
  EXPECT_THAT(printed, HasSubstr("sync.overlap = \"1h\""));
}

TEST(Effect, OfTheDeadlineIsTheEndOfAPass) {
  support::RawServer silent([](support::RawConnection& connection) { connection.stay_silent(); });
  Program program;
  program.environment["BUILDKITE_API_URL"] = silent.url();
  program.environment["CONNECTOR_DEADLINE"] = "1s";
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(program.run().exit_status, 75);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

TEST(Effect, OfDirectoriesIsWhereTheStateIsKept) {
  const std::string file = "/acme-inc.json";
  for (const auto& [variable, below] : {std::pair("STATE_DIRECTORY", ""),
                                        {"XDG_STATE_HOME", "/buildkite-bitbucket-connector"},
                                        {"HOME", "/.local/state/buildkite-bitbucket-connector"}}) {
    Program program;
    program.environment.erase("CONNECTOR_STATE");
    program.environment[variable] = program.directory.path();
    EXPECT_EQ(program.run().exit_status, 0);
    EXPECT_TRUE(exists(program.directory.path() + below + file)) << variable;
  }
  Program program;
  program.environment["CONNECTOR_STATE"] = program.directory.file("own.json");
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_TRUE(exists(program.directory.file("own.json")));
}

TEST(Effect, OfDirectoriesIsWhereTheConfigurationIsLookedFor) {
  for (const auto& [variable, below] : {std::pair("CONNECTOR_CONFIG", ""),
                                        {"XDG_CONFIG_HOME", "/buildkite-bitbucket-connector"},
                                        {"HOME", "/.config/buildkite-bitbucket-connector"}}) {
    Program program;
    const std::string directory = program.directory.path() + below;
    std::filesystem::create_directories(directory);
    support::write_file(directory + "/config.toml", "log.level = \"DEBUG\"\n");
    const bool names_file = std::string(variable) == "CONNECTOR_CONFIG";
    program.environment[variable] = names_file ? directory + "/config.toml" : program.directory.path();
    EXPECT_THAT(program.run({"--print-config"}).out, HasSubstr("# " + directory + "/config.toml:1:"))
        << variable;
  }
}

TEST(Effect, OfTheLogsLevelAndFormatIsWhatIsWritten) {
  Program program;
  EXPECT_EQ(program.run().err, "");
  program.environment["MONITOR_LOG_LEVEL"] = "INFO";
  EXPECT_THAT(program.run().err, StartsWith("level=info msg=\"pass ended\""));
  program.environment["MONITOR_LOG_FORMAT"] = "json";
  EXPECT_THAT(program.run().err, StartsWith(R"({"level":"info","msg":"pass ended")"));
}

TEST(Effect, OfThePipelineOfTheJobIsThatItsScheduledBuildsAreLeftOut) {
  for (const bool is_own : {false, true}) {
    Program program;
    Build scheduled = program.a_build_of("web").commit(commit_named("1")).passed();
    scheduled.source = "schedule";
    program.peers.organization.add(scheduled);
    program.environment["BUILDKITE_ORGANIZATION_SLUG"] = "acme-inc";
    program.environment["BUILDKITE_PIPELINE_SLUG"] = is_own ? "web" : "another";
    EXPECT_EQ(program.run().exit_status, 0);
    EXPECT_EQ(program.posts(), is_own ? 0U : 1U);
  }
}

}  // namespace
}  // namespace connector
