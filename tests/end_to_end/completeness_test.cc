// That every option, variable and exit status is tried with the real program. Each is listed here with a test
// of this program that a user would recognise it by; the manual page says which ones there are. Who adds one
// adds a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/config/man_page.hh"
#include "adapters/config/source_tree.hh"
#include "adapters/config/told_by_help.hh"
#include "config/command_line.hh"
#include "end_to_end/program.hh"
#include "end_to_end/variable_cases.hh"

namespace connector {
namespace {

/// What is to be tried -> the full name of a test.
using Tries = std::map<std::string, std::string>;

Tries options() {
  return {{"-c", "Options.HaveShortNames"},
          {"--config", "Program.NamesFileLineColumnAndTheNearestKey"},
          {"--state", "All/EachVariable.WinsOverTheFileAndLosesToTheOption/CONNECTOR_STATE"},
          {"--deadline", "PeerThatNeverAnswers.HoldsNoPassBeyondItsDeadline"},
          {"--check", "Check.OfAWorkingSetUpSaysOkToEachStepAndPostsNothing"},
          {"-n", "Options.HaveShortNames"},
          {"--dry-run", "DryRun.PrintsWhatWouldBePostedAndWhy"},
          {"--commit", "Commit.IsReportedAgainWhateverBitbucketWasToldBefore"},
          {"--explain", "Explain.OfACommitThatWasReportedTellsItsWholeStory"},
          {"--since", "Since.LooksBackFurtherThanThePassesDo"},
          {"--adopt", "Adopt.TellsWhatItDid"},
          {"--json", "JsonReport.TellsWhatWasPostedAndWhy"},
          {"--reset-state", "ResetState.IsTheCommandThatTheRefusalNames"},
          {"--print-config", "All/EachVariable.WinsOverTheFileAndLosesToTheOption/BITBUCKET_URL"},
          {"-v", "Options.HaveShortNames"},
          {"--verbose", "Options.ForMessagesRaiseAndLowerTheLevel"},
          {"-q", "Options.HaveShortNames"},
          {"--quiet", "Options.ForMessagesRaiseAndLowerTheLevel"},
          {"--log-level", "Options.ForMessagesRaiseAndLowerTheLevel"},
          {"--log-format", "JsonLog.EndsWithTheReasonForTheEndAsAnObject"},
          {"--no-color", "Terminal.ShowsNoColoursToThoseWhoWantNone"},
          {"-h", "Options.HaveShortNames"},
          {"--help", "Options.ToldByHelpAreThoseOfThisList"},
          {"-V", "Options.HaveShortNames"},
          {"--version", "Requests.SayWhichProgramSendsThem"}};
}

/// What a variable does; where a value comes from is tried for all of variable_cases().
Tries effects() {
  const std::string other_name = "Effect.OfEachNameOfANeededVariableIsThatServersTakeIt";
  const std::string five = "Program.NeedsOnlyTheSeedsFiveVariables";
  const std::string file = "Effect.OfTheNameOfASecretsFileIsThatServersTakeWhatIsInIt";
  const std::string ca_file = "Effect.OfACaFileIsThatTheServerIsTrusted";
  const std::string certificate = "Effect.OfAClientCertificateIsThatTheServerIsShownIt";
  const std::string proxy = "Effect.OfAProxyAndOfAllowHttpIsARequestThroughTheProxy";
  const std::string tunnel = "Effect.OfTheEnvironmentsProxyIsATunnelUnlessNoProxyNamesTheServer";
  const std::string token = "Effect.OfBitbucketsTokenIsALoginWithoutUser";
  const std::string state_place = "Effect.OfDirectoriesIsWhereTheStateIsKept";
  const std::string config_place = "Effect.OfDirectoriesIsWhereTheConfigurationIsLookedFor";
  const std::string progress = "Progress.IsForNobodyButPeopleWhoLookAtATerminalOfTheirOwn";
  const std::string colours = "Terminal.ShowsNoColoursToThoseWhoWantNone";
  const std::string log = "Effect.OfTheLogsLevelAndFormatIsWhatIsWritten";
  return {{"BUILDKITE_API_TOKEN", five},
          {"BUILDKITE_API_TOKEN_FILE", file},
          {"BUILDKITE_TOKEN", other_name},
          {"BUILDKITE_TOKEN_FILE", file},
          {"BUILDKITE_ORGANIZATION", five},
          {"BUILDKITE_ORGANIZATION_SLUG", other_name},
          {"BUILDKITE_API_URL", "Program.SaysThatAnUnreachablePeerIsTemporary"},
          {"BITBUCKET_SERVER_URL", other_name},
          {"BITBUCKET_URL", five},
          {"BITBUCKET_SERVER_USERNAME", other_name},
          {"BITBUCKET_USERNAME", five},
          {"BITBUCKET_SERVER_PASSWORD", other_name},
          {"BITBUCKET_SERVER_PASSWORD_FILE", file},
          {"BITBUCKET_PASSWORD", five},
          {"BITBUCKET_PASSWORD_FILE", file},
          {"BITBUCKET_TOKEN", token},
          {"BITBUCKET_TOKEN_FILE", token},
          {"BITBUCKET_API", "Effect.OfTheApiIsWhereStatusesArePosted"},
          {"BITBUCKET_CONNECTIONS", "Effect.OfConnectionsIsHowManyThereAreAtATime"},
          {"BUILDKITE_CA_FILE", ca_file},
          {"BITBUCKET_CA_FILE", ca_file},
          {"BUILDKITE_PROXY", proxy},
          {"BITBUCKET_PROXY", proxy},
          {"BUILDKITE_CLIENT_CERTIFICATE", certificate},
          {"BITBUCKET_CLIENT_CERTIFICATE", certificate},
          {"BUILDKITE_CLIENT_KEY", certificate},
          {"BITBUCKET_CLIENT_KEY", certificate},
          {"BUILDKITE_ALLOW_HTTP", proxy},
          {"BITBUCKET_ALLOW_HTTP", proxy},
          {"HEARTBEAT_ALLOW_HTTP", "Effect.OfTheHeartbeatsAllowHttpIsAHeartbeatInTheOpen"},
          {"MONITOR_INITIAL_SEARCH_TIME", "Effect.OfTheSearchTimeIsHowFarTheFirstPassLooksBack"},
          {"MONITOR_POLLING_INTERVAL", "Effect.OfThePollingIntervalIsALaterDeadlineAndALongerOverlap"},
          {"CONNECTOR_DEADLINE", "Effect.OfTheDeadlineIsTheEndOfAPass"},
          {"CONNECTOR_CONFIG", config_place},
          {"CONNECTOR_STATE", state_place},
          {"MONITOR_LOG_LEVEL", log},
          {"MONITOR_LOG_FORMAT", log},
          {"DMS_SNITCH_ID", "Heartbeat.SaysThatAPassWasGood"},
          {"DMS_SNITCH_ID_FILE", "Effect.OfTheFileOfAWatchersAddressIsARequestToIt"},
          {"HEARTBEAT_URL", "Heartbeat.SaysThatAPassWasGood"},
          {"HEARTBEAT_PING_URL", "Watchers.ThatDoNotTakeItAreAWarningWithoutTheirSecrets"},
          {"HEARTBEAT_PING_URL_FILE", "Effect.OfTheFileOfAWatchersAddressIsARequestToIt"},
          {"HEARTBEAT_PING_START", "PingUrl.HearsOfTheStartOfTheSameRunWhereAskedTo"},
          {"METRICS_TEXTFILE", "Metrics.CountWhatThePassDidAndLeft"},
          {"METRICS_PUSHGATEWAY_URL", "Metrics.RememberTheLastSuccessThroughFailuresOfAllKinds"},
          {"METRICS_ALLOW_HTTP", "Effect.OfTheMetricsAllowHttpIsAPushInTheOpen"},
          {"CONNECTOR_SHARD", "RepositoryCheck.NamesTheShardsThatOtherPipelinesBelongTo"},
          {"CREDENTIALS_DIRECTORY", "Effect.OfTheCredentialsDirectoryIsThatServersTakeWhatIsInIt"},
          {"STATE_DIRECTORY", state_place},
          {"XDG_STATE_HOME", state_place},
          {"XDG_CONFIG_HOME", config_place},
          {"HOME", config_place},
          {"HTTPS_PROXY", tunnel},
          {"NO_PROXY", tunnel},
          {"NO_COLOR", colours},
          {"TERM", colours},
          {"CI", progress},
          {"BUILDKITE", progress},
          {"JOURNAL_STREAM", "Journal.IsToldHowImportantEachMessageIs"},
          {"BUILDKITE_PIPELINE_SLUG", "Effect.OfThePipelineOfTheJobIsThatItsScheduledBuildsAreLeftOut"}};
}

Tries exit_statuses() {
  return {{"0", "Program.NeedsOnlyTheSeedsFiveVariables"},
          {"1", "Program.SetsADamagedStateAsideAndSaysSoOnce"},
          {"64", "Program.RefusesAnUnknownOption"},
          {"65", "Program.RefusesTheStateOfAnotherOrganization"},
          {"69", "ExitStatus69.IsThatOfAFailureThatLastsForHalfAnHour"},
          {"70", "ExitStatus70.IsThatOfAPassThatCannotGoOnForAReasonOfItsOwn"},
          {"73", "JsonLog.EndsWithTheReasonForTheEndAsAnObject"},
          {"74", "ExitStatus74.IsThatOfAStateThatCannotBeWritten"},
          {"75", "All/TroubleOverHttp.WithBuildkiteLosesNothing/Status500"},
          {"76", "All/TroubleOverHttp.WithBuildkiteLosesNothing/LoginPage"},
          {"77", "All/TroubleOverHttp.WithBuildkiteLosesNothing/Status401"},
          {"78", "Program.NamesEveryMissingSettingWithKeyAndVariable"},
          {"130", "Stop.BySigintInTheMiddleOfAThousandPostsLosesTrackOfNone"},
          {"143", "Stop.BySigtermInTheMiddleOfAThousandPostsLosesTrackOfNone"}};
}

std::set<std::string> names_of_tests() {
  std::set<std::string> names;
  const auto& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const auto& suite = *all.GetTestSuite(i);
    for (int k = 0; k < suite.total_test_count(); ++k)
      names.insert(std::string(suite.name()) + '.' + suite.GetTestInfo(k)->name());
  }
  return names;
}

void expect_all_tried(const std::set<std::string>& promised, const Tries& tries, const std::string& list) {
  for (const std::string& name : promised)
    EXPECT_TRUE(tries.contains(name)) << name << " has no test: write one and add it to " << list;
  const auto tests = names_of_tests();
  for (const auto& [name, test] : tries) {
    EXPECT_TRUE(promised.contains(name)) << name << " does not exist any more: take it out of " << list;
    EXPECT_TRUE(tests.contains(test))
        << "there is no test " << test << ", which " << list << " has for " << name;
  }
}

ManPage page() {
  return ManPage(source_file("contrib/man/buildkite-bitbucket-connector.1"));
}

TEST(Options, ToldByHelpAreThoseOfThisList) {
  ASSERT_EQ(support::Program().run({"--help"}).out, config::help_text());
  std::set<std::string> promised;
  for (const auto& option : options_in_help()) promised.insert(option.names.begin(), option.names.end());
  expect_all_tried(promised, options(), "options() in completeness_test.cc");
}

TEST(Variables, OfTheManualPageAreThoseOfThisList) {
  const auto names = page().section("ENVIRONMENT").marked("Ev");
  expect_all_tried({names.begin(), names.end()}, effects(), "effects() in completeness_test.cc");
}

TEST(Variables, OfSettingsAreTriedForWhereAValueComesFrom) {
  std::map<std::string, std::string> keys;
  for (const auto& row : support::variable_cases()) keys[row.variable] = row.key;
  for (const auto& item : page().section("ENVIRONMENT").items()) {
    const auto settings = marked(item.head, "Va");
    if (settings.empty()) continue;
    for (const std::string& variable : marked(item.head, "Ev"))
      EXPECT_EQ(keys[variable], settings.front()) << variable << " has no row in variable_cases()";
  }
}

TEST(ExitStatuses, OfTheManualPageAreThoseOfThisList) {
  std::set<std::string> promised;
  for (const auto& item : page().section("EXIT STATUS").items())
    promised.insert(item.head.substr(1, item.head.find(' ') - 1));
  expect_all_tried(promised, exit_statuses(), "exit_statuses() in completeness_test.cc");
}

TEST(Options, HaveShortNames) {
  support::Program program;
  program.add_passed_builds(1);
  program.environment["MONITOR_LOG_LEVEL"] = "DEBUG";
  const std::string config = program.directory.file("config.toml");
  support::write_file(config, "log.format = \"json\"\n");
  using Words = std::vector<std::string>;
  const std::vector<std::pair<Words, Words>> same = {
      {{"-h"}, {"--help"}},
      {{"-V"}, {"--version"}},
      {{"-n"}, {"--dry-run"}},
      {{"-c", config, "--print-config"}, {"--config", config, "--print-config"}},
      {{"-v", "--print-config"}, {"--verbose", "--print-config"}},
      {{"-q", "--print-config"}, {"--quiet", "--print-config"}}};
  for (const auto& [brief, whole] : same) {
    const auto result = program.run(brief);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(result.out, program.run(whole).out);
  }
  EXPECT_EQ(program.posts(), 0U);
}

TEST(Options, ForMessagesRaiseAndLowerTheLevel) {
  using testing::HasSubstr;
  support::Program program;
  program.peers.buildkite_faults.always(support::answer_status(401));
  for (const auto& [option, level] :
       {std::pair("--verbose", "info"), {"--quiet", "error"}, {"--log-level=INFO", "info"}}) {
    const auto result = program.run({option});
    EXPECT_EQ(result.exit_status, 77);
    EXPECT_THAT(result.err, HasSubstr("level=error"));
    EXPECT_EQ(result.err.find("level=info") != std::string::npos, std::string(level) == "info") << option;
  }
}

}  // namespace
}  // namespace connector
