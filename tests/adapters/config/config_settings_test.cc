// Every setting by every way it can be given: the contract with people's files and environments.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "adapters/config/config_fixture.hh"
#include "config/load.hh"
#include "config/print.hh"
#include "config/settings.hh"

namespace connector::config {
namespace {

struct SettingCase {
  std::string key;
  std::vector<std::string> variables;  // best first
  std::string toml;                    // a value that is not the default
  std::string text;                    // the same in a variable
  std::string shown;                   // by --print-config
};

void PrintTo(const SettingCase& c, std::ostream* out) {
  *out << c.key;
}

std::vector<SettingCase> connection_cases(const std::string& table, const std::string& variables) {
  return {
      {table + ".ca_file", {variables + "_CA_FILE"}, R"("/ca.pem")", "/ca.pem", R"("/ca.pem")"},
      {table + ".proxy",
       {variables + "_PROXY"},
       R"("http://me:pw@proxy:3128")",
       "http://me:pw@proxy:3128",
       R"("http://***@proxy:3128")"},
      {table + ".client_certificate",
       {variables + "_CLIENT_CERTIFICATE"},
       R"("/c.pem")",
       "/c.pem",
       R"("/c.pem")"},
      {table + ".client_key", {variables + "_CLIENT_KEY"}, R"("/k.pem")", "/k.pem", R"("/k.pem")"},
      {table + ".allow_http", {variables + "_ALLOW_HTTP"}, "true", "Yes", "true"},
  };
}

std::vector<SettingCase> peer_cases() {
  return {
      {"buildkite.token", {"BUILDKITE_API_TOKEN", "BUILDKITE_TOKEN"}, R"("other")", "other", R"("***")"},
      {"buildkite.organization",
       {"BUILDKITE_ORGANIZATION", "BUILDKITE_ORGANIZATION_SLUG"},
       R"("a-1_b")",
       "a-1_b",
       R"("a-1_b")"},
      {"buildkite.url",
       {"BUILDKITE_API_URL"},
       R"("HTTPS://BK.example.com:8443/api/")",
       "https://bk.example.com:8443/api",
       R"("https://bk.example.com:8443/api")"},
      {"buildkite.pipelines", {}, R"(["app", "lib-*"])", "", R"(["app", "lib-*"])"},
      {"buildkite.exclude_pipelines", {}, R"(["x"])", "", R"(["x"])"},
      {"buildkite.branches", {}, R"(["main"])", "", R"(["main"])"},
      {"buildkite.exclude_branches", {}, R"(["gh/*"])", "", R"(["gh/*"])"},
      {"buildkite.sources", {}, R"(["webhook", "ui"])", "", R"(["webhook", "ui"])"},
      {"buildkite.exclude_sources", {}, R"(["schedule"])", "", R"(["schedule"])"},
      {"bitbucket.url",
       {"BITBUCKET_SERVER_URL", "BITBUCKET_URL"},
       R"("https://g.example.com//")",
       "https://g.example.com",
       R"("https://g.example.com")"},
      {"bitbucket.username",
       {"BITBUCKET_SERVER_USERNAME", "BITBUCKET_USERNAME"},
       R"("me@x")",
       "me@x",
       R"("me@x")"},
      {"bitbucket.password",
       {"BITBUCKET_SERVER_PASSWORD", "BITBUCKET_PASSWORD"},
       R"("p:w %\"")",
       "p:w %\"",
       R"("***")"},
      {"bitbucket.token", {"BITBUCKET_TOKEN"}, R"("BBDC-x")", "BBDC-x", R"("***")"},
      {"bitbucket.api", {"BITBUCKET_API"}, R"("build-status")", "build-status", R"("build-status")"},
      {"bitbucket.repository_hosts", {}, R"(["GIT.old", "git"])", "", R"(["git.old", "git"])"},
      {"bitbucket.unmatched", {}, R"("build-status")", "", R"("build-status")"},
      {"bitbucket.connections", {"BITBUCKET_CONNECTIONS"}, "100", "100", "100"},
      {"heartbeat.dms_snitch_id", {"DMS_SNITCH_ID"}, R"("c2354d53d2")", "c2354d53d2", R"("***")"},
      {"heartbeat.url",
       {"HEARTBEAT_URL"},
       R"("https://snitch.example")",
       "https://snitch.example",
       R"("https://snitch.example")"},
      {"heartbeat.ping_url",
       {"HEARTBEAT_PING_URL"},
       R"("https://hc-ping.example/5b3a/")",
       "https://hc-ping.example/5b3a",
       R"("***")"},
      {"heartbeat.ping_start", {"HEARTBEAT_PING_START"}, "true", "yes", "true"},
      {"heartbeat.allow_http", {"HEARTBEAT_ALLOW_HTTP"}, "true", "yes", "true"},
      {"metrics.textfile", {"METRICS_TEXTFILE"}, R"("/m/c.prom")", "/m/c.prom", R"("/m/c.prom")"},
      {"metrics.pushgateway_url",
       {"METRICS_PUSHGATEWAY_URL"},
       R"("https://push.example/")",
       "https://push.example",
       R"("https://push.example")"},
      {"metrics.allow_http", {"METRICS_ALLOW_HTTP"}, "true", "yes", "true"},
  };
}

std::vector<SettingCase> other_cases() {
  return {
      {"status.key", {}, R"("{pipeline.slug}/{build.branch}")", "", R"("{pipeline.slug}/{build.branch}")"},
      {"status.name", {}, R"("{build.number}")", "", R"("{build.number}")"},
      {"status.description", {}, R"("{build.state}")", "", R"("{build.state}")"},
      {"status.parent", {}, R"("{pipeline.id}")", "", R"("{pipeline.id}")"},
      {"status.per_step", {}, "true", "", "true"},
      {"status.step_key", {}, R"("{pipeline.slug}/{step.label}")", "", R"("{pipeline.slug}/{step.label}")"},
      {"status.step_name", {}, R"("{step.key}")", "", R"("{step.key}")"},
      {"status.separate_pull_requests", {}, "true", "", "true"},
      {"sync.initial_search_time", {"MONITOR_INITIAL_SEARCH_TIME"}, "36", "36h", R"("1d12h")"},
      {"sync.overlap", {}, R"("1h30m")", "", R"("1h30m")"},
      {"sync.polling_interval", {"MONITOR_POLLING_INTERVAL"}, R"("45s")", "45", R"("45s")"},
      {"sync.deadline", {"CONNECTOR_DEADLINE"}, "0", "0", R"("0s")"},
      {"sync.shard", {"CONNECTOR_SHARD"}, R"("2/3")", "2/3", R"("2/3")"},
      {"state.file", {"CONNECTOR_STATE"}, R"("none")", "none", R"("none")"},
      {"log.level", {"MONITOR_LOG_LEVEL"}, R"("debug")", "DEBUG", R"("DEBUG")"},
      {"log.format", {"MONITOR_LOG_FORMAT"}, R"("json")", "JSON", R"("json")"},
  };
}

std::vector<SettingCase> state_cases() {
  std::vector<SettingCase> cases;
  for (const std::string word :
       {"creating", "scheduled", "waiting", "running", "failing", "canceling", "passed", "failed",
        "waiting_failed", "canceled", "skipped", "not_run", "blocked", "gone"}) {
    cases.push_back({"states." + word, {}, R"("UNKNOWN")", "", R"("UNKNOWN")"});
  }
  return cases;
}

std::vector<SettingCase> all_cases() {
  std::vector<SettingCase> all = peer_cases();
  for (const auto& cases : {connection_cases("buildkite", "BUILDKITE"),
                            connection_cases("bitbucket", "BITBUCKET"), other_cases(), state_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

/// What a file needs so that `key` can be added without a contradiction, and its own line stays the only one
/// to change.
TomlKeys surroundings_of(const std::string& key) {
  TomlKeys keys = required_keys();
  keys["buildkite.client_certificate"] = R"("/base.pem")";
  keys["bitbucket.client_certificate"] = R"("/base.pem")";
  keys["state.file"] = R"("/base.json")";
  if (key == "bitbucket.token") {
    keys.erase("bitbucket.username");
    keys.erase("bitbucket.password");
    keys["bitbucket.token"] = R"("base")";
  }
  return keys;
}

std::vector<std::string> lines_without_origins(const Config& config) {
  std::istringstream text(print_config(config));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    const auto origin = line.starts_with('#') ? std::string::npos : line.find("  #");
    line.resize(std::min(origin, line.size()));
    while (line.ends_with(' ')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

/// Expects that `key` shows as given and that every other line is as without it.
void expect_only_change(const Config& before, const Config& after, const SettingCase& c) {
  const auto old_lines = lines_without_origins(before);
  const auto new_lines = lines_without_origins(after);
  ASSERT_EQ(old_lines.size(), new_lines.size());
  for (std::size_t i = 0; i < new_lines.size(); ++i) {
    const bool is_ours = new_lines[i].starts_with(c.key + " = ");
    EXPECT_EQ(new_lines[i], is_ours ? c.key + " = " + c.shown : old_lines[i]);
  }
  EXPECT_NE(std::find(new_lines.begin(), new_lines.end(), c.key + " = " + c.shown), new_lines.end());
}

class EverySetting : public testing::TestWithParam<SettingCase> {};

TEST_P(EverySetting, IsTakenFromTheFile) {
  ConfigHome home;
  auto keys = surroundings_of(GetParam().key);
  home.write(toml_of(keys));
  const Config before = home.load();
  keys[GetParam().key] = GetParam().toml;
  home.write(toml_of(keys));
  expect_only_change(before, home.load(), GetParam());
}

TEST_P(EverySetting, IsTakenFromEachOfItsVariables) {
  ConfigHome home;
  home.write(toml_of(surroundings_of(GetParam().key)));
  const Config before = home.load();
  for (const std::string& name : GetParam().variables) {
    const auto environment = home.environment;
    home.environment[name] = GetParam().text;
    const Config after = home.load();
    expect_only_change(before, after, GetParam());
    EXPECT_EQ(origin_of(after, GetParam().key).text, "environment variable " + name);
    home.environment = environment;
  }
}

TEST_P(EverySetting, HasTheseVariablesInThisOrder) {
  const Setting* setting = find_setting(GetParam().key);
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(setting->variables, GetParam().variables);
}

std::string name_of_case(const testing::TestParamInfo<SettingCase>& setting) {
  std::string name = setting.param.key;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Config, EverySetting, testing::ValuesIn(all_cases()), name_of_case);

TEST(Settings, AreAllInTheTableAbove) {
  std::vector<std::string> tested;
  for (const auto& c : all_cases()) tested.push_back(c.key);
  std::vector<std::string> existing;
  for (const auto& setting : settings()) existing.push_back(setting.key);
  std::sort(tested.begin(), tested.end());
  std::sort(existing.begin(), existing.end());
  EXPECT_EQ(existing, tested);
}

TEST(Settings, ReachTheMembersTheyAreNamedAfter) {
  ConfigHome home;
  auto keys = required_keys();
  for (const auto& c : all_cases()) {
    if (c.key != "bitbucket.token") keys[c.key] = c.toml;
  }
  home.write(toml_of(keys));
  const Config config = home.load();
  EXPECT_EQ(config.buildkite.token.reveal(), "other");
  EXPECT_EQ(config.bitbucket.password.reveal(), "p:w %\"");
  EXPECT_EQ(config.heartbeat.dms_snitch_id.reveal(), "c2354d53d2");
  EXPECT_EQ(config.heartbeat.ping_url.reveal(), "https://hc-ping.example/5b3a");
  EXPECT_TRUE(config.metrics.pushgateway.allow_http);
  EXPECT_EQ(config.buildkite.connection.proxy, "http://me:pw@proxy:3128");
  EXPECT_EQ(config.bitbucket.connection.client_key, "/k.pem");
  EXPECT_TRUE(config.bitbucket.report_unmatched);
  EXPECT_EQ(config.bitbucket.api, BitbucketApi::build_status);
  EXPECT_EQ(config.buildkite.exclude_branches, std::vector<std::string>{"gh/*"});
  EXPECT_EQ(config.states.chosen.size(), 12U);
  EXPECT_EQ(config.states.chosen.at(BuildState::waiting_failed), StateChoice(BitbucketState::unknown));
  EXPECT_TRUE(config.states.blocked.has_value());
  EXPECT_TRUE(config.states.gone.has_value());
  EXPECT_EQ(config.status.parent, "{pipeline.id}");
  EXPECT_EQ(config.sync.initial_search_time, std::chrono::hours(36));
}

}  // namespace
}  // namespace connector::config
