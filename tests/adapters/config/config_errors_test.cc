// What people read when the configuration is wrong: each problem on a line, at its place, with the way out.
#include <gtest/gtest.h>

#include <sstream>

#include "adapters/config/config_fixture.hh"
#include "config/load.hh"
#include "config/nearest.hh"

namespace connector::config {
namespace {

struct FileCase {
  std::string name;
  std::string line;  // the sixth of the file, behind the required settings
  std::string message;
};

void PrintTo(const FileCase& c, std::ostream* out) {
  *out << c.line;
}

const FileCase file_cases[] = {
    {"MistypedKey", "buildkite.tokn = \"x\"",
     "~/config.toml:6:11: unknown key 'buildkite.tokn'; did you mean 'buildkite.token'?"},
    {"ShortenedKey", "bitbucket.user = \"x\"",
     "~/config.toml:6:11: unknown key 'bitbucket.user'; did you mean 'bitbucket.username'?"},
    {"KeyOfAnotherTable", "organization = \"x\"",
     "~/config.toml:6:1: unknown key 'organization'; did you mean 'buildkite.organization'?"},
    {"KeyLikeNone", "log.colour_of_the_bikeshed = 1",
     "~/config.toml:6:5: unknown key 'log.colour_of_the_bikeshed'"},
    {"HostileKey", "\"a\\u001b[31m\" = 1", "~/config.toml:6:1: unknown key 'a\\u{1b}[31m'"},
    {"MistypedTable", "[bitbuckett]",
     "~/config.toml:6:2: unknown table 'bitbuckett'; did you mean 'bitbucket'?"},
    {"TableAsValue", "sync = 5", "~/config.toml:6:1: 'sync' is a table; write [sync] on a line of its own"},
    {"ValueAsTable", "[log.level]", "~/config.toml:6:1: log.level: expected text in quotes, found a table"},
    {"TextForNumber", "bitbucket.connections = \"8\"",
     "~/config.toml:6:25: bitbucket.connections: expected a whole number, found text"},
    {"FractionForNumber", "bitbucket.connections = 8.0",
     "~/config.toml:6:25: bitbucket.connections: expected a whole number, found a fraction"},
    {"BooleanForNumber", "bitbucket.connections = true",
     "~/config.toml:6:25: bitbucket.connections: expected a whole number, found true or false"},
    {"NumberForBoolean", "bitbucket.allow_http = 1",
     "~/config.toml:6:24: bitbucket.allow_http: expected true or false, found a whole number"},
    {"TextForList", "buildkite.branches = \"main\"",
     "~/config.toml:6:22: buildkite.branches: expected a list of texts such as [\"a\", \"b\"], found text"},
    {"NumberInList", "buildkite.branches = [\"main\", 1]",
     "~/config.toml:6:22: buildkite.branches: expected a list of texts such as [\"a\", \"b\"], found a list"},
    {"BooleanForDuration", "sync.overlap = true",
     "~/config.toml:6:16: sync.overlap: expected a whole number or text such as \"15m\", found true or "
     "false"},
    {"SwallowedLine", "log.level = \"\"\"\npassword = \"canary\"\n\"\"\"",
     "~/config.toml:6:13: log.level: holds a line end"},
    {"SwallowedLineInList", "buildkite.branches = [\"\"\"\npassword = \"canary\"\n\"\"\"]",
     "~/config.toml:6:22: buildkite.branches: holds a line end"},
    {"SwallowedLineInPath", "bitbucket.token_file = \"\"\"\npassword = \"canary\"\n\"\"\"",
     "~/config.toml:6:24: bitbucket.token_file: holds a line end"},
    {"TooMany", "bitbucket.connections = 101",
     "~/config.toml:6:25: bitbucket.connections: '101' is not a number from 1 to 100"},
    {"Negative", "bitbucket.connections = -1",
     "~/config.toml:6:25: bitbucket.connections: '-1' is not a number from 1 to 100"},
    {"BadDuration", "sync.overlap = \"soon\"",
     "~/config.toml:6:16: sync.overlap: 'soon' is not a duration such as 90s, 15m, 36h or 7d (a bare number counts "
     "in units of 1s)"},
    {"NoTime", "sync.polling_interval = 0", "~/config.toml:6:25: sync.polling_interval: '0' is less than 1s"},
    {"NoShard", "sync.shard = \"0/3\"",
     "~/config.toml:6:14: sync.shard: '0/3' is not a shard such as 2/3, the second of three (at most 32)"},
    {"StepKeyOfSeveralShards",
     "sync.shard = \"1/2\"\nstatus.per_step = true\nstatus.step_key = \"{step.key}\"",
     "status.step_key (~/config.toml:8:19) and sync.shard (~/config.toml:6:14)"
     " do not go together: pipelines of two shards could have one key, and each would replace the other's "
     "status; put {pipeline.id} or {pipeline.slug} into the key"},
    {"OverriddenKeyOfSeveralShards",
     "sync.shard = \"1/2\"\n[[pipeline]]\nslug = \"deploy-*\"\nkey = \"deploy\"",
     "key of [[pipeline]] \"deploy-*\" and sync.shard (~/config.toml:6:14)"
     " do not go together: pipelines of two shards could have one key, and each would replace the other's "
     "status; put {pipeline.id} or {pipeline.slug} into the key"},
    {"KeyOfSeveralShards", "sync.shard = \"1/2\"\nstatus.key = \"ci/{pipeline.name}\"",
     "status.key (~/config.toml:7:14) and sync.shard (~/config.toml:6:14) do not go together: pipelines of two "
     "shards could have one key, and each would replace the other's status; put {pipeline.id} or {pipeline.slug} "
     "into the key"},
    {"BadChoice", "bitbucket.api = \"v2\"",
     "~/config.toml:6:17: bitbucket.api: 'v2' is not one of auto, builds, build-status"},
    {"BadState", "states.passed = \"GREEN\"",
     "~/config.toml:6:17: states.passed: 'GREEN' is not one of INPROGRESS, SUCCESSFUL, FAILED, CANCELLED, UNKNOWN, "
     "ignore"},
    {"StateInTheWrongCase", "states.passed = \"successful\"",
     "~/config.toml:6:17: states.passed: 'successful' is not one of INPROGRESS, SUCCESSFUL, FAILED, CANCELLED, UNKNOWN, "
     "ignore; did you mean 'SUCCESSFUL'?"},
    {"MistypedChoice", "bitbucket.api = \"BUILD\"",
     "~/config.toml:6:17: bitbucket.api: 'BUILD' is not one of auto, builds, build-status; did you mean 'builds'?"},
    {"UnknownState", "states.cancelled = \"FAILED\"",
     "~/config.toml:6:8: unknown key 'states.cancelled'; did you mean 'states.canceled'?"},
    {"EmptyText", "bitbucket.ca_file = \"\"",
     "~/config.toml:6:21: bitbucket.ca_file: is empty; leave the setting out instead"},
    {"EmptyGlob", "buildkite.branches = [\"\"]",
     "~/config.toml:6:22: buildkite.branches: holds an empty pattern, which matches nothing"},
    {"HostWithPort", "bitbucket.repository_hosts = [\"git:7999\"]",
     "~/config.toml:6:30: bitbucket.repository_hosts: 'git:7999' is not a host name (without scheme, user, port and "
     "path)"},
    {"KeyThatChanges", "status.key = \"{pipeline.slug}-{build.number}\"",
     "~/config.toml:6:14: status.key: {build.number} must not be part of the key: a failed build's status would stay "
     "on the commit beside that of its successful re-run, and block merging"},
    {"NotToml", "log.level = maybe",
     "~/config.toml:6:13: the value of 'log.level' is not valid TOML; expected text in quotes"},
    {"NoKey", "nonsense", "~/config.toml:6:9: this is not valid TOML here"},
    {"KeyWithoutCertificate", "buildkite.client_key = \"/k.pem\"",
     "buildkite.client_key (~/config.toml:6:24): buildkite.client_certificate is missing beside it"},
    {"StateOverConfig", "state.file = \"config.toml\"",
     "state.file (~/config.toml:6:14): this is the configuration file ~/config.toml; it would be "
     "overwritten"},
};

/// The first lines of messages: without the lines of the file beneath them, which are indented.
std::string without_excerpts(const std::string& text) {
  std::istringstream lines(text);
  std::string rest;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    ")) rest += (rest.empty() ? "" : "\n") + line;
  }
  return rest;
}

class ProblemOfFile : public testing::TestWithParam<FileCase> {};

TEST_P(ProblemOfFile, IsNamedWithLineColumnAndKey) {
  ConfigHome home;
  home.write(toml_of(required_keys()) + GetParam().line + "\n");
  EXPECT_EQ(without_excerpts(home.load_error()), GetParam().message);
}

std::string name_of_case(const testing::TestParamInfo<FileCase>& problem) {
  return problem.param.name;
}
INSTANTIATE_TEST_SUITE_P(Config, ProblemOfFile, testing::ValuesIn(file_cases), name_of_case);

struct VariableCase {
  std::string variable, value, message;
};

void PrintTo(const VariableCase& c, std::ostream* out) {
  *out << c.variable << '=' << c.value;
}

const VariableCase variable_cases[] = {
    {"BITBUCKET_CONNECTIONS", "many", "'many' is not a number from 1 to 100"},
    {"BITBUCKET_CONNECTIONS", "8 ", "'8 ' is not a number from 1 to 100"},
    {"BITBUCKET_ALLOW_HTTP", "maybe", "'maybe' is neither true nor false"},
    {"BUILDKITE_ORGANIZATION", "../../etc",
     "'../../etc' is not an organization's slug (lower-case letters, digits, - and _), which is what follows "
     "https://buildkite.com/"},
    {"BITBUCKET_URL", "git.example.com",
     "'git.example.com' is not a URL that begins with https:// or http://"},
    {"BITBUCKET_URL", "ftp://git.example.com",
     "'ftp://git.example.com' is not a URL that begins with https:// or http://"},
    {"BITBUCKET_URL", "https://", "'https://' has no valid host name and port"},
    {"BITBUCKET_URL", "https://git:0/x", "'https://git:0/x' has no valid host name and port"},
    {"BITBUCKET_URL", "https://git/a b", "'https://git/a b' has a path with characters no URL may hold"},
    {"BITBUCKET_URL", "https://bot:canary@git", "the URL must not hold a user name or password"},
    {"BITBUCKET_URL", "https://git/?token=canary", "the URL must not hold a query or a fragment"},
    {"BITBUCKET_URL", "https://git/#canary", "the URL must not hold a query or a fragment"},
    {"BITBUCKET_PROXY", "canary@proxy",
     "the proxy is not given as http://, https:// or socks5h:// and a host"},
    {"BITBUCKET_PROXY", "http://canary@proxy/x",
     "the proxy's URL has no valid host name and port at its end"},
    {"BITBUCKET_USERNAME", "bot:x", "a user name must not contain a colon"},
    {"MONITOR_LOG_LEVEL", "loud", "'loud' is not one of ERROR, WARN, INFO, DEBUG, FATAL, UNKNOWN"},
    {"MONITOR_INITIAL_SEARCH_TIME", "1.5",
     "'1.5' is not a duration such as 90s, 15m, 36h or 7d (a bare number counts in units of 1h)"},
};

class ProblemOfVariable : public testing::TestWithParam<VariableCase> {};

TEST_P(ProblemOfVariable, IsNamedWithTheVariable) {
  ConfigHome home;
  home.environment[GetParam().variable] = GetParam().value;
  EXPECT_EQ(home.load_error(), "environment variable " + GetParam().variable + ": " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Config, ProblemOfVariable, testing::ValuesIn(variable_cases));

TEST(ConfigProblems, OfOptionsAreErrorsOfUsage) {
  ConfigHome home;
  home.options.deadline = "soon";
  home.environment["BITBUCKET_CONNECTIONS"] = "0";
  EXPECT_EQ(
      home.load_error(ExitStatus::usage),
      "environment variable BITBUCKET_CONNECTIONS: '0' is not a number from 1 to 100\n"
      "option --deadline: 'soon' is not a duration such as 90s, 15m, 36h or 7d (a bare number counts in units "
      "of 1s)");
}

TEST(ConfigProblems, NameEveryMissingSettingAtOnce) {
  ConfigHome home;
  home.write("");
  EXPECT_EQ(
      home.load_error(),
      "missing setting buildkite.token (environment variable BUILDKITE_API_TOKEN or BUILDKITE_TOKEN, or "
      "BUILDKITE_API_TOKEN_FILE); make a token with the scope read_builds at "
      "https://buildkite.com/user/api-access-tokens\n"
      "missing setting buildkite.organization (environment variable BUILDKITE_ORGANIZATION or "
      "BUILDKITE_ORGANIZATION_SLUG); it is what follows https://buildkite.com/ in its address\n"
      "missing setting bitbucket.url (environment variable BITBUCKET_SERVER_URL or BITBUCKET_URL); such as "
      "https://git.example.com, with the context path if it has one\n"
      "missing setting bitbucket.username (environment variable BITBUCKET_SERVER_USERNAME or "
      "BITBUCKET_USERNAME)\n"
      "missing setting bitbucket.password (environment variable BITBUCKET_SERVER_PASSWORD or "
      "BITBUCKET_PASSWORD, or BITBUCKET_SERVER_PASSWORD_FILE); or instead of the login bitbucket.token "
      "(environment variable BITBUCKET_TOKEN, or BITBUCKET_TOKEN_FILE)\n"
      "the configuration file that was read is ~/config.toml");
}

TEST(ConfigProblems, NameTheOtherHalfOfALogin) {
  ConfigHome home;
  auto keys = required_keys();
  keys.erase("bitbucket.password");
  home.write(toml_of(keys));
  EXPECT_EQ(home.load_error(),
            "missing setting bitbucket.password (environment variable BITBUCKET_SERVER_PASSWORD or "
            "BITBUCKET_PASSWORD, or BITBUCKET_SERVER_PASSWORD_FILE)\n"
            "the configuration file that was read is ~/config.toml");
}

TEST(ConfigProblems, ShowTheNameOfAFileOnOneLine) {
  ConfigHome home;
  home.environment["CONNECTOR_CONFIG"] = home.path("a\nb.toml");
  for (const auto* toml : {"nonsense", "sync = 5", "bitbucket.api = \"v2\""}) {
    home.write_beside("a\nb.toml", toml);
    const std::string error = without_excerpts(home.load_error());
    EXPECT_EQ(error.find("\nb.toml"), std::string::npos) << error;
    EXPECT_NE(error.find("b.toml:1:"), std::string::npos) << error;
  }
}

TEST(ConfigProblems, AreAServerInTheCloud) {
  for (const auto* host : {"bitbucket.org", "api.bitbucket.org", "github.com"}) {
    ConfigHome home;
    home.environment["BITBUCKET_URL"] = "https://" + std::string(host) + "/acme";
    EXPECT_NE(home.load_error().find(std::string(host) + " is no Bitbucket Server or Data Center"),
              std::string::npos);
  }
}

TEST(ConfigProblems, DoNotCallASettingMissingThatIsWrong) {
  ConfigHome home;
  auto keys = required_keys();
  keys["bitbucket.url"] = "\"git\"";
  home.write(toml_of(keys));
  EXPECT_EQ(without_excerpts(home.load_error()),
            "~/config.toml:2:17: bitbucket.url: 'git' is not a URL that begins with https:// or http://");
}

TEST(ConfigProblems, ComeAllAtOnceThoseOfTheFileInItsOrder) {
  ConfigHome home;
  home.write(toml_of(required_keys()) +
             "sync.overlap = \"x\"\nlgo.level = \"INFO\"\nlog.level = 5\nbuildkite.tokn = \"y\"\n" +
             "bitbucket.connections = 0\nbitbucket.api = v2\n");
  home.environment["MONITOR_LOG_FORMAT"] = "xml";
  EXPECT_EQ(
      without_excerpts(home.load_error()),
      "~/config.toml:6:16: sync.overlap: 'x' is not a duration such as 90s, 15m, 36h or 7d (a bare number "
      "counts in units of 1s)\n"
      "~/config.toml:7:1: unknown table 'lgo'; did you mean 'log'?\n"
      "~/config.toml:8:13: log.level: expected text in quotes, found a whole number\n"
      "~/config.toml:9:11: unknown key 'buildkite.tokn'; did you mean 'buildkite.token'?\n"
      "~/config.toml:10:25: bitbucket.connections: '0' is not a number from 1 to 100\n"
      "~/config.toml:11:17: the value of 'bitbucket.api' is not valid TOML; expected text in quotes\n"
      "environment variable MONITOR_LOG_FORMAT: 'xml' is not one of text, json");
}

TEST(ConfigProblems, AreATokenBesideALogin) {
  ConfigHome home;
  home.environment["BITBUCKET_TOKEN"] = "BBDC-x";
  EXPECT_EQ(
      home.load_error(),
      "bitbucket.token (environment variable BITBUCKET_TOKEN) and bitbucket.username (~/config.toml:3:22) "
      "exclude each other; keep the token or the login\n"
      "bitbucket.token (environment variable BITBUCKET_TOKEN) and bitbucket.password (~/config.toml:1:22) "
      "exclude each other; keep the token or the login");
}

TEST(PlainHttp, IsTakenForThisMachineOrWhenAllowed) {
  ConfigHome home;
  for (const char* url :
       {"http://localhost:7990/bitbucket", "http://127.0.0.1:80", "http://127.8.8.8", "http://[::1]:7990"}) {
    home.environment["BITBUCKET_URL"] = url;
    EXPECT_EQ(home.load().bitbucket.connection.url, url);
  }
  for (const char* url : {"http://git.example.com", "http://127.evil.example.com", "http://10.0.0.1",
                          "http://localhost.example.com"}) {
    home.environment["BITBUCKET_URL"] = url;
    EXPECT_EQ(
        home.load_error(),
        "bitbucket.url (environment variable BITBUCKET_URL): plain http would show the credential to the "
        "network; use https, or set bitbucket.allow_http = true (environment variable BITBUCKET_ALLOW_HTTP)");
  }
  home.environment["BITBUCKET_ALLOW_HTTP"] = "true";
  EXPECT_EQ(home.load().bitbucket.connection.url, "http://localhost.example.com");
}

TEST(EditDistance, CountsSingleSlips) {
  EXPECT_EQ(edit_distance("token", "token"), 0U);
  EXPECT_EQ(edit_distance("tokn", "token"), 1U);
  EXPECT_EQ(edit_distance("tokken", "token"), 1U);
  EXPECT_EQ(edit_distance("tiken", "token"), 1U);
  EXPECT_EQ(edit_distance("otken", "token"), 1U);
  EXPECT_EQ(edit_distance("", "token"), 5U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace connector::config
