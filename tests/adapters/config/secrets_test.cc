// Secrets: every source, their order, what is refused, and that no text ever holds one.
#include "config/secrets.hh"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <vector>

#include "adapters/config/config_fixture.hh"
#include "config/base_url.hh"
#include "config/load.hh"
#include "config/print.hh"

namespace connector::config {
namespace {

struct SecretSource {
  std::string key;
  std::string variable;
  std::string credential;
  std::string (*value)(const Config&);
  std::string prefix{};  // what every value has to begin with
};

void PrintTo(const SecretSource& source, std::ostream* out) {
  *out << source.key;
}

const SecretSource sources[] = {
    {"buildkite.token", "BUILDKITE_TOKEN", "buildkite-token",
     [](const Config& c) { return c.buildkite.token.reveal(); }},
    {"bitbucket.password", "BITBUCKET_PASSWORD", "bitbucket-password",
     [](const Config& c) { return c.bitbucket.password.reveal(); }},
    {"bitbucket.token", "BITBUCKET_TOKEN", "bitbucket-token",
     [](const Config& c) { return c.bitbucket.token.reveal(); }},
    {"heartbeat.dms_snitch_id", "DMS_SNITCH_ID", "heartbeat-dms-snitch-id",
     [](const Config& c) { return c.heartbeat.dms_snitch_id.reveal(); }},
    {"heartbeat.ping_url", "HEARTBEAT_PING_URL", "heartbeat-ping-url",
     [](const Config& c) { return c.heartbeat.ping_url.reveal(); }, "https://ping.example/"},
};

class EverySecret : public testing::TestWithParam<SecretSource> {
 protected:
  EverySecret() {
    keys_ = required_keys();
    if (GetParam().key == "bitbucket.token") {
      keys_.erase("bitbucket.username");
      keys_.erase("bitbucket.password");
    }
    keys_.erase(GetParam().key);
  }

  /// The value that is loaded, without what all have in common.
  std::string loaded() {
    home_.write(toml_of(keys_));
    const std::string value = GetParam().value(home_.load());
    EXPECT_TRUE(value.starts_with(GetParam().prefix)) << value;
    return value.substr(GetParam().prefix.size());
  }

  static std::string whole(const std::string& value) { return GetParam().prefix + value; }

  std::string origin() { return origin_of(home_.load(), GetParam().key).text; }

  ConfigHome home_;
  TomlKeys keys_;
};

TEST_P(EverySecret, ComesFromTheBestOfItsSources) {
  keys_[GetParam().key] = "\"" + whole("from-plain-key") + "\"";
  EXPECT_EQ(loaded(), "from-plain-key");

  home_.write_beside("key.txt", whole("from-file-key\n"));
  keys_[GetParam().key + "_file"] = "\"key.txt\"";
  EXPECT_EQ(loaded(), "from-file-key");
  EXPECT_NE(origin().find("config.toml:"), std::string::npos) << origin();
  EXPECT_NE(origin().find("(" + home_.path("key.txt") + ")"), std::string::npos) << origin();

  ASSERT_EQ(mkdir(home_.path("credentials").c_str(), S_IRWXU), 0);
  home_.environment["CREDENTIALS_DIRECTORY"] = home_.path("credentials");
  EXPECT_EQ(loaded(), "from-file-key") << "a credentials directory need not hold every secret";
  home_.write_beside("credentials/" + GetParam().credential, whole("from-credential"));
  EXPECT_EQ(loaded(), "from-credential");
  EXPECT_EQ(origin(), "credential " + GetParam().credential + " in $CREDENTIALS_DIRECTORY");

  home_.environment[GetParam().variable + "_FILE"] =
      home_.write_beside("variable.txt", whole("from-variable-file\r\n"));
  EXPECT_EQ(loaded(), "from-variable-file");
  EXPECT_EQ(origin(),
            "environment variable " + GetParam().variable + "_FILE (" + home_.path("variable.txt") + ")");

  home_.environment.erase(GetParam().variable + "_FILE");
  home_.environment[GetParam().variable] = whole("from-variable");
  EXPECT_EQ(loaded(), "from-variable");
  EXPECT_EQ(origin(), "environment variable " + GetParam().variable);
}

TEST_P(EverySecret, ComesFromTheFirstOfItsVariablesThatIsSetPlainlyOrByAFile) {
  const auto& variables = find_setting(GetParam().key)->variables;
  for (auto name = variables.rbegin(); name != variables.rend(); ++name) {
    home_.environment[*name + "_FILE"] = home_.write_beside(*name, whole("from-file-of-" + *name));
    EXPECT_EQ(loaded(), "from-file-of-" + *name);
    home_.environment.erase(*name + "_FILE");
    home_.environment[*name] = whole("from-" + *name);
    EXPECT_EQ(loaded(), "from-" + *name);
  }
}

TEST_P(EverySecret, IsNotTakenFromAVariableAndItsFileAtOnce) {
  home_.write(toml_of(keys_));
  for (const std::string& name : find_setting(GetParam().key)->variables) {
    home_.environment[name] = "canary";
    home_.environment[name + "_FILE"] = home_.write_beside("variable.txt", "canary");
    EXPECT_EQ(home_.load_error(),
              "environment variable " + name + "_FILE: excludes " + name + "; unset one of them");
    home_.environment.erase(name);
    home_.environment.erase(name + "_FILE");
  }
}

TEST_P(EverySecret, IsASingleLineWithoutItsFinalLineEnd) {
  const std::string name = GetParam().variable + "_FILE";
  home_.environment[name] = home_.write_beside("file", whole("canary\n"));
  EXPECT_EQ(loaded(), "canary");
  for (const std::string& text :
       {std::string("can\nary"), std::string("can\rary"), std::string("can\0ary", 7),
        std::string("canary\n\n"), std::string("\ncanary"), std::string("canary\r")}) {
    home_.write_beside("file", whole(text));
    EXPECT_EQ(home_.load_error(), "environment variable " + name +
                                      " (~/file): holds a line end or a NUL byte; it must be a single line");
  }
}

std::string name_of_case(const testing::TestParamInfo<SecretSource>& source) {
  return source.param.variable;
}
INSTANTIATE_TEST_SUITE_P(Secrets, EverySecret, testing::ValuesIn(sources), name_of_case);

TEST(Secrets, AreAllInTheTableAbove) {
  std::vector<std::string> existing;
  std::vector<std::string> tested;
  for (const Setting& setting : settings()) {
    if (setting.kind == Kind::secret) existing.push_back(setting.key + " " + credential_name(setting));
  }
  for (const SecretSource& source : sources) tested.push_back(source.key + " " + source.credential);
  EXPECT_EQ(tested, existing);
}

struct TextCase {
  std::string contents;
  std::string value;    // empty when refused
  std::string problem;  // behind the place
};

const std::string not_one_line = "holds a line end or a NUL byte; it must be a single line";
const TextCase password_cases[] = {
    {"hunter2", "hunter2", ""},
    {"hunter2\n", "hunter2", ""},
    {"hunter2\r\n", "hunter2", ""},
    {" p@ss:w/%41+\"'\\\xC3\xA4 ", " p@ss:w/%41+\"'\\\xC3\xA4 ", ""},
    {"hunter2\n\n", "", not_one_line},
    {"hunter2\r", "", not_one_line},
    {"hun\nter2", "", not_one_line},
    {std::string("hun\0ter2", 8), "", not_one_line},
    {"", "", "is empty"},
    {"\n", "", "is empty"},
    {" \t\n", "", "holds only blanks"},
};

TEST(Password, MayBeAnySingleLine) {
  for (const TextCase& c : password_cases) {
    ConfigHome home;
    home.environment["BITBUCKET_PASSWORD_FILE"] = home.write_beside("password", c.contents);
    if (c.problem.empty()) {
      EXPECT_EQ(home.load().bitbucket.password.reveal(), c.value);
    } else {
      EXPECT_EQ(home.load_error(), "environment variable BITBUCKET_PASSWORD_FILE (~/password): " + c.problem);
    }
  }
}

TEST(Token, HoldsNothingThatWouldChangeAHeader) {
  for (const std::string text : {"Bearer canary",
                                 "\xEF\xBB\xBF"
                                 "canary",
                                 "can\x01ry", "can\tary"}) {
    ConfigHome home;
    home.environment["BUILDKITE_TOKEN"] = text;
    EXPECT_EQ(home.load_error(),
              "environment variable BUILDKITE_TOKEN: holds blanks or characters that no token has");
  }
}

TEST(PingUrl, IsRefusedWithoutBeingShown) {
  for (const auto& [text, problem] : std::map<std::string, std::string>{
           {"hc-ping.com/canary", "is not a URL of https:// or http://, a host and a path"},
           {"https:///canary", "is not a URL of https:// or http://, a host and a path"},
           {"https://hc-ping.com/can ary", "is not a URL of https:// or http://, a host and a path"},
           {"https://me:canary@hc-ping.com/x", "the URL must not hold a user name or password"},
           {"https://hc-ping.com/x?canary", "the URL must not hold a query or a fragment"}}) {
    ConfigHome home;
    home.environment["HEARTBEAT_PING_URL"] = text;
    EXPECT_EQ(home.load_error(), "environment variable HEARTBEAT_PING_URL: " + problem);
  }
}

TEST(PingUrl, GoesOverPlainHttpOnlyWhereThatIsAllowed) {
  ConfigHome home;
  home.environment["HEARTBEAT_PING_URL"] = "http://ping.example/canary";
  const std::string text = home.load_error();
  EXPECT_NE(text.find("heartbeat.allow_http = true"), std::string::npos) << text;
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  home.environment["HEARTBEAT_ALLOW_HTTP"] = "yes";
  EXPECT_EQ(home.load().heartbeat.ping_url.reveal(), "http://ping.example/canary");
}

TEST(Canary, IsInNoMessageAboutABrokenFile) {
  for (const std::string line : {
           "buildkite.token = canary",
           "buildkite.token = \"canary",
           "buildkite.token = 'canary' canary",
           "buildkite.token = tcanary",
           "buildkite.token = fcanary",
           "buildkite.token = 0canary",
           "buildkite.token = [\"canary\"]",
           "buildkite.token = { canary = 1 }",
           "buildkite.token = \"\\canary\"",
           "buildkite.token = \"\"\"\ncanary\n\"\"\"",
           "buildkite.token = \"\"\"\nx\\canary\n\"\"\"",
           "buildkite.token_file = canary",
           "[buildkite]\ntoken = tcanary",
           "[buildkite]\n token=canary",
           "bitbucket.url = \"https://x:canary@git\"",
           "bitbucket.url = \"canary@git\"",
           "bitbucket.proxy = \"http://x:canary@\"",
           "bitbucket.proxy = tcanary",
           "bitbucket.repository_hosts = [\"x:canary@git\"]",
           "bitbucket.password = 99999999999999999999",
           "bitbucket.password = \"canary\"\nbitbucket.password = \"canary\"",
       }) {
    ConfigHome home;
    home.write(line + "\n");
    const std::string text = home.load_error();
    EXPECT_EQ(text.find("anary"), std::string::npos) << line << "\n" << text;
    EXPECT_EQ(text.find("9999"), std::string::npos) << line << "\n" << text;
  }
}

TEST(Canary, IsNeitherPrintedNorInHintsAndOrigins) {
  ConfigHome home;
  home.environment.insert({{"BUILDKITE_API_TOKEN", "canary-1"},
                           {"BUILDKITE_TOKEN", "canary-2"},
                           {"BITBUCKET_PASSWORD", "canary-3"},
                           {"DMS_SNITCH_ID", "canary-4"},
                           {"HEARTBEAT_PING_URL", "https://ping.example/canary-6"},
                           {"BUILDKITE_PROXY", "http://bot:canary-5@proxy:3128"}});
  const Config config = home.load();
  std::string everything = print_config(config);
  for (const std::string& hint : config.hints) everything += hint;
  for (const auto& entry : config.origins) everything += entry.second.text;
  EXPECT_EQ(everything.find("canary"), std::string::npos) << everything;
  EXPECT_NE(everything.find("http://***@proxy:3128"), std::string::npos);
}

/// The process's environment while it lives: these variables, which a program may be given twice.
class ProcessEnvironment {
 public:
  explicit ProcessEnvironment(std::vector<std::string> entries)
      : entries_(std::move(entries)), before_(environ) {
    for (std::string& entry : entries_) pointers_.push_back(entry.data());
    pointers_.push_back(nullptr);
    environ = pointers_.data();
  }
  ~ProcessEnvironment() { environ = before_; }
  ProcessEnvironment(const ProcessEnvironment&) = delete;
  ProcessEnvironment& operator=(const ProcessEnvironment&) = delete;

  /// What /proc/<pid>/environ shows.
  [[nodiscard]] std::string memory() const {
    std::string text;
    for (const std::string& entry : entries_) text += entry + "\n";
    return text;
  }

 private:
  std::vector<std::string> entries_;
  std::vector<char*> pointers_;
  char** before_;
};

TEST(SecretVariables, AreOverwrittenAndUnset) {
  std::vector<std::string> entries = {"BITBUCKET_URL=https://git.example.com", "BITBUCKET_PASSWORD=canary"};
  for (const Setting& setting : settings()) {
    if (!holds_secret(setting.kind)) continue;
    for (const std::string& name : setting.variables) entries.push_back(name + "=canary");
  }
  const ProcessEnvironment process(entries);
  EXPECT_EQ(variable(read_environment(), "BITBUCKET_PASSWORD"), "canary");
  forget_secret_variables();
  EXPECT_EQ(read_environment(), (Environment{{"BITBUCKET_URL", "https://git.example.com"}}));
  EXPECT_EQ(process.memory().find("canary"), std::string::npos) << process.memory();
}

TEST(ProxyVariables, AreKeptForLibcurlButNotInTheMemoryThatOthersSee) {
  std::vector<std::string> entries;
  for (const char* name : proxy_variables) entries.push_back(name + std::string("=http://me:canary@proxy"));
  const ProcessEnvironment process(entries);
  const Environment before = read_environment();
  forget_secret_variables();
  EXPECT_EQ(read_environment(), before);
  EXPECT_EQ(process.memory().find("canary"), std::string::npos) << process.memory();
}

}  // namespace
}  // namespace connector::config
