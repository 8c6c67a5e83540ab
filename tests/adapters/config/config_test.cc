// Which value wins, where it came from, and what is derived from what.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "adapters/config/config_fixture.hh"
#include "config/load.hh"
#include "config/paths.hh"
#include "config/print.hh"
#include "config/settings.hh"
#include "core/error.hh"
#include "support/temp_dir.hh"

namespace connector::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Config, HasTheDocumentedDefaults) {
  const Config config = ConfigHome().load();
  EXPECT_EQ(config.buildkite.connection.url, "https://api.buildkite.com");
  EXPECT_FALSE(config.buildkite.connection.allow_http);
  EXPECT_TRUE(config.buildkite.pipelines.empty());
  EXPECT_EQ(config.bitbucket.api, BitbucketApi::automatic);
  EXPECT_FALSE(config.bitbucket.report_unmatched);
  EXPECT_EQ(config.bitbucket.connections, 8U);
  EXPECT_EQ(config.status.key, "{pipeline.id}");
  EXPECT_TRUE(config.states.chosen.empty());
  EXPECT_FALSE(config.states.blocked.has_value());
  EXPECT_EQ(config.sync.initial_search_time, hours(168));
  EXPECT_EQ(config.sync.overlap, minutes(15));
  EXPECT_EQ(config.sync.polling_interval, seconds(60));
  EXPECT_EQ(config.sync.deadline, seconds(50));
  EXPECT_EQ(config.log.level, LogLevel::warn);
  EXPECT_EQ(config.log.format, LogFormat::text);
  EXPECT_TRUE(config.heartbeat.dms_snitch_id.empty());
  EXPECT_TRUE(config.hints.empty());
  EXPECT_EQ(origin_of(config, "bitbucket.connections").text, "default");
}

TEST(Config, NeedsNothingButTheSeedsFiveVariables) {
  ConfigHome home;
  home.write("");
  home.environment.insert({{"BUILDKITE_API_TOKEN", "bkua-token"},
                           {"BUILDKITE_ORGANIZATION", "acme"},
                           {"BITBUCKET_USERNAME", "bot"},
                           {"BITBUCKET_PASSWORD", "hunter2"},
                           {"BITBUCKET_URL", "https://git.example.com/"}});
  const Config config = home.load();
  EXPECT_EQ(config.buildkite.token.reveal(), "bkua-token");
  EXPECT_EQ(config.bitbucket.connection.url, "https://git.example.com");
  EXPECT_EQ(config.bitbucket.password.reveal(), "hunter2");
  EXPECT_EQ(config.state_file, home.path(".local/state/buildkite-bitbucket-connector/acme.json"));
}

TEST(Config, LaysFileEnvironmentAndOptionsOverTheDefaults) {
  ConfigHome home;
  EXPECT_EQ(home.load().sync.deadline, seconds(50));
  home.write(toml_of(required_keys()) + "[sync]\n  deadline = \"2m\"\n");
  EXPECT_EQ(home.load().sync.deadline, minutes(2));
  EXPECT_EQ(origin_of(home.load(), "sync.deadline").text, home.path("config.toml") + ":7:14");
  home.environment["CONNECTOR_DEADLINE"] = "3m";
  EXPECT_EQ(home.load().sync.deadline, minutes(3));
  EXPECT_EQ(origin_of(home.load(), "sync.deadline").text, "environment variable CONNECTOR_DEADLINE");
  home.options.deadline = "4m";
  EXPECT_EQ(home.load().sync.deadline, minutes(4));
  EXPECT_EQ(origin_of(home.load(), "sync.deadline").text, "option --deadline");
}

TEST(Config, TakesTheFirstOfSeveralVariablesAndHintsAtOneThatSaysSomethingElse) {
  ConfigHome home;
  home.environment["BUILDKITE_TOKEN"] = "second";
  home.environment["BUILDKITE_API_TOKEN"] = "first";
  home.environment["BITBUCKET_URL"] = "https://same.example.com";
  home.environment["BITBUCKET_SERVER_URL"] = "https://same.example.com";
  const Config config = home.load();
  EXPECT_EQ(config.buildkite.token.reveal(), "first");
  EXPECT_EQ(config.hints, std::vector<std::string>{"environment variable BUILDKITE_API_TOKEN is used; "
                                                   "BUILDKITE_TOKEN says something else"});
}

TEST(Config, CountsAnEmptyVariableAsUnset) {
  ConfigHome home;
  for (const char* name : {"BUILDKITE_API_TOKEN", "BUILDKITE_API_TOKEN_FILE", "BUILDKITE_ORGANIZATION",
                           "BITBUCKET_CONNECTIONS", "CREDENTIALS_DIRECTORY", "CONNECTOR_STATE"}) {
    home.environment[name] = "";
  }
  home.environment["BUILDKITE_TOKEN"] = "second";
  EXPECT_EQ(home.load().buildkite.token.reveal(), "second");
  EXPECT_EQ(home.load().buildkite.organization, "acme");
}

TEST(Config, DerivesTheDeadlineAndTheOverlapFromThePollingInterval) {
  ConfigHome home;
  home.environment["MONITOR_POLLING_INTERVAL"] = "1800";
  EXPECT_EQ(home.load().sync.deadline, seconds(1790));
  EXPECT_EQ(home.load().sync.overlap, minutes(30));
  home.environment["MONITOR_POLLING_INTERVAL"] = "10";
  EXPECT_EQ(home.load().sync.deadline, seconds(50));
  EXPECT_EQ(home.load().sync.overlap, minutes(15));
  home.options.deadline = "0";
  EXPECT_EQ(home.load().sync.deadline, seconds(0));
}

TEST(Config, RaisesAndLowersTheLogLevelFromTheConfiguredOne) {
  ConfigHome home;
  home.options.verbose = 1;
  EXPECT_EQ(home.load().log.level, LogLevel::info);
  home.options.verbose = 9;
  EXPECT_EQ(home.load().log.level, LogLevel::debug);
  EXPECT_EQ(origin_of(home.load(), "log.level").text, "option --verbose");
  home.options.verbose = 0;
  home.options.quiet = true;
  EXPECT_EQ(home.load().log.level, LogLevel::error);
  home.options = {};
  for (const char* ruby_name : {"FATAL", "UNKNOWN", "error"}) {
    home.environment["MONITOR_LOG_LEVEL"] = ruby_name;
    EXPECT_EQ(home.load().log.level, LogLevel::error);
  }
}

TEST(Config, KnowsThePipelineWhoseJobRunsIt) {
  ConfigHome home;
  home.environment["BUILDKITE_PIPELINE_SLUG"] = "status-relay";
  EXPECT_EQ(home.load().buildkite.own_pipeline, "");
  home.environment["BUILDKITE_ORGANIZATION_SLUG"] = "acme";
  EXPECT_EQ(home.load().buildkite.own_pipeline, "status-relay");
  home.environment["BUILDKITE_ORGANIZATION"] = "another";
  EXPECT_EQ(home.load().buildkite.own_pipeline, "");
}

TEST(Config, SeesPathsOfTheFileFromTheFilesDirectory) {
  ConfigHome home;
  home.write(toml_of(required_keys()) + "bitbucket.ca_file = \"tls/ca.pem\"\nstate.file = \"state.json\"\n");
  EXPECT_EQ(home.load().bitbucket.connection.ca_file, home.path("tls/ca.pem"));
  EXPECT_EQ(home.load().state_file, home.path("state.json"));
  home.environment["CONNECTOR_STATE"] = "here.json";
  EXPECT_EQ(home.load().state_file, "here.json");
  home.options.state = "none";
  EXPECT_EQ(home.load().state_file, "none");
}

TEST(ConfigFile, IsTheOneOfTheOptionThenOfTheVariableThenOfTheUser) {
  ConfigHome home;
  const std::string text = toml_of(required_keys());
  const std::string directory = home.path("buildkite-bitbucket-connector");
  ASSERT_EQ(mkdir(directory.c_str(), S_IRWXU), 0);
  home.environment["CONNECTOR_CONFIG"] = home.write_beside("variable.toml", text);
  home.options.config = home.write_beside("option.toml", text);
  const std::string own = home.write_beside("buildkite-bitbucket-connector/config.toml", text);

  EXPECT_EQ(origin_of(home.load(), "bitbucket.url").text, home.path("option.toml") + ":2:17");
  home.options.config.reset();
  EXPECT_EQ(origin_of(home.load(), "bitbucket.url").text, home.path("variable.toml") + ":2:17");
  home.environment.erase("CONNECTOR_CONFIG");
  home.environment["XDG_CONFIG_HOME"] = directory.substr(0, directory.rfind('/'));
  EXPECT_EQ(origin_of(home.load(), "bitbucket.url").text, own + ":2:17");
}

TEST(ConfigFile, MustExistWhenSomebodyNamedIt) {
  ConfigHome home;
  home.environment["CONNECTOR_CONFIG"] = home.path("gone.toml");
  EXPECT_EQ(home.load_error(),
            "cannot read the configuration file ~/gone.toml (environment variable CONNECTOR_CONFIG): "
            "No such file or directory");
  home.options.config = home.path("");
  EXPECT_EQ(home.load_error(), "cannot read the configuration file ~/ (option --config): is a directory");
}

TEST(Paths, AreThoseOfTheXdgSpecificationAndOfSystemd) {
  using Files = std::vector<std::string>;
  const std::string etc = "/etc/buildkite-bitbucket-connector/config.toml";
  EXPECT_EQ(usual_config_files({{"HOME", "/home/me"}}),
            (Files{"/home/me/.config/buildkite-bitbucket-connector/config.toml", etc}));
  EXPECT_EQ(usual_config_files({{"HOME", "/home/me"}, {"XDG_CONFIG_HOME", "/xdg"}}),
            (Files{"/xdg/buildkite-bitbucket-connector/config.toml", etc}));
  EXPECT_EQ(usual_config_files({{"HOME", "/"}}), Files{etc});
  EXPECT_EQ(usual_config_files({}), Files{etc});

  const std::string name = "buildkite-bitbucket-connector/acme.json";
  EXPECT_EQ(usual_state_file("acme", {{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}, {"HOME", "/home/me"}}),
            "/var/lib/a/acme.json");
  EXPECT_EQ(usual_state_file("acme", {{"XDG_STATE_HOME", "/xdg"}, {"HOME", "/home/me"}}), "/xdg/" + name);
  const support::TempDir home;
  EXPECT_EQ(usual_state_file("acme", {{"XDG_STATE_HOME", "relative"}, {"HOME", home.path()}}),
            home.path() + "/.local/state/" + name);
  EXPECT_EQ(usual_state_file("acme", {{"HOME", "/nonexistent"}}), "/var/lib/" + name) << "a system user's";
  EXPECT_EQ(usual_state_file("acme", {{"HOME", "/"}}), "/var/lib/" + name);
  EXPECT_EQ(usual_state_file("acme", {}), "/var/lib/" + name);
}

TEST(Config, GivesEachShardAStateOfItsOwn) {
  ConfigHome home;
  home.write(toml_of(required_keys()));
  home.environment["STATE_DIRECTORY"] = "/var/lib/b";
  home.environment["CONNECTOR_SHARD"] = "2/3";
  EXPECT_EQ(home.load().state_file, "/var/lib/b/acme.2-of-3.json");
  home.environment["CONNECTOR_SHARD"] = "1/1";
  EXPECT_EQ(home.load().state_file, "/var/lib/b/acme.json") << "of all pipelines, as ever";
}

TEST(PrintConfig, ShowsEachValueWithItsOrigin) {
  ConfigHome home;
  home.environment["BITBUCKET_CONNECTIONS"] = "3";
  const std::string text = print_config(home.load());
  const std::string file = home.path("config.toml");
  const std::vector<std::string> lines = {
      "buildkite.token = \"***\"                         # " + file + ":5:19\n",
      "buildkite.organization = \"acme\"                 # " + file + ":4:26\n",
      "bitbucket.connections = 3                       # environment variable BITBUCKET_CONNECTIONS\n",
      "sync.overlap = \"15m\"                            # default\n",
      "# states.running is not set: INPROGRESS\n",
      "# heartbeat.dms_snitch_id is not set: no snitch\n",
  };
  for (const std::string& line : lines) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "is missing in:\n" << text;
  }
}

TEST(PrintConfig, CanBeLoadedAgain) {
  ConfigHome home;
  const std::string text = print_config(home.load());
  home.write(text);
  EXPECT_EQ(home.load().sync.initial_search_time, hours(168));
}

TEST(PrintConfig, ShowsEachSettingOnALineOfItsOwnInTheOrderOfTheTable) {
  std::istringstream lines(print_config(ConfigHome().load()));
  for (const Setting& setting : settings()) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line)) << setting.key;
    EXPECT_TRUE(line.starts_with(setting.key + " = ") || line.starts_with("# " + setting.key + " is not set"))
        << setting.key << ": " << line;
  }
  EXPECT_EQ(lines.peek(), std::istringstream::traits_type::eof()) << "a line of no setting";
}

}  // namespace
}  // namespace connector::config
