// Secrets: every source, their order, what is refused, and that no text ever holds one.
#include "config/secrets.hh"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "adapters/config_fixture.hh"
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

  std::string loaded() {
    home_.write(toml_of(keys_));
    return GetParam().value(home_.load());
  }

  std::string origin() { return origin_of(home_.load(), GetParam().key).text; }

  ConfigHome home_;
  TomlKeys keys_;
};

TEST_P(EverySecret, ComesFromTheBestOfItsSources) {
  keys_[GetParam().key] = "\"from-plain-key\"";
  EXPECT_EQ(loaded(), "from-plain-key");

  home_.write_beside("key.txt", "from-file-key\n");
  keys_[GetParam().key + "_file"] = "\"key.txt\"";
  EXPECT_EQ(loaded(), "from-file-key");
  EXPECT_NE(origin().find("config.toml:"), std::string::npos) << origin();
  EXPECT_NE(origin().find("(" + home_.path("key.txt") + ")"), std::string::npos) << origin();

  ASSERT_EQ(mkdir(home_.path("credentials").c_str(), S_IRWXU), 0);
  home_.environment["CREDENTIALS_DIRECTORY"] = home_.path("credentials");
  EXPECT_EQ(loaded(), "from-file-key") << "a credentials directory need not hold every secret";
  home_.write_beside("credentials/" + GetParam().credential, "from-credential");
  EXPECT_EQ(loaded(), "from-credential");
  EXPECT_EQ(origin(), "credential " + GetParam().credential + " in $CREDENTIALS_DIRECTORY");

  home_.environment[GetParam().variable + "_FILE"] =
      home_.write_beside("variable.txt", "from-variable-file\r\n");
  EXPECT_EQ(loaded(), "from-variable-file");
  EXPECT_EQ(origin(),
            "environment variable " + GetParam().variable + "_FILE (" + home_.path("variable.txt") + ")");

  home_.environment.erase(GetParam().variable + "_FILE");
  home_.environment[GetParam().variable] = "from-variable";
  EXPECT_EQ(loaded(), "from-variable");
  EXPECT_EQ(origin(), "environment variable " + GetParam().variable);
}

TEST_P(EverySecret, IsNotTakenFromAVariableAndItsFileAtOnce) {
  home_.write(toml_of(keys_));
  home_.environment[GetParam().variable] = "canary";
  home_.environment[GetParam().variable + "_FILE"] = home_.write_beside("variable.txt", "canary");
  const std::string name = GetParam().variable;
  EXPECT_EQ(home_.load_error(),
            "environment variable " + name + "_FILE: excludes " + name + "; unset one of them");
}

std::string name_of_case(const testing::TestParamInfo<SecretSource>& source) {
  return source.param.variable;
}
INSTANTIATE_TEST_SUITE_P(Secrets, EverySecret, testing::ValuesIn(sources), name_of_case);

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

TEST(SecretFile, MustBeReadable) {
  ConfigHome home;
  home.environment["BUILDKITE_TOKEN_FILE"] = home.path("gone");
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/gone): cannot be read: No such file or directory");
  home.environment["BUILDKITE_TOKEN_FILE"] = home.path("");
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/): cannot be read: is a directory");
  home.environment["BUILDKITE_TOKEN_FILE"] = home.write_beside("huge", std::string(2 << 20, 'x'));
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/huge): cannot be read: is larger than 1 MiB");
}

TEST(SecretFile, IsRefusedWhenEverybodyCanWriteToIt) {
  ConfigHome home;
  const std::string path = home.write_beside("token", "canary");
  home.environment["BUILDKITE_TOKEN_FILE"] = path;
  ASSERT_EQ(chmod(path.c_str(), 0602), 0);
  EXPECT_EQ(
      home.load_error(),
      "environment variable BUILDKITE_TOKEN_FILE (~/token): everybody can write to this file; make it yours "
      "alone: chmod 600 ~/token");
}

TEST(SecretFile, IsOnlyHintedAtWhenEverybodyCanReadItAtHome) {
  ConfigHome home;
  const std::string path = home.write_beside("token", "canary");
  home.environment["BUILDKITE_TOKEN_FILE"] = path;
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(home.load().hints,
            std::vector<std::string>{path + " holds a secret and everybody can read it: chmod 600 " + path});
  home.environment["HOME"] = "/somewhere/else";
  EXPECT_TRUE(home.load().hints.empty()) << "as Kubernetes mounts secrets";
}

TEST(ConfigFileWithSecrets, IsTreatedAsASecretFile) {
  ConfigHome home;
  const std::string path = home.path("config.toml");
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(home.load().hints,
            (std::vector<std::string>{
                path + " holds bitbucket.password and everybody can read it: chmod 600 " + path,
                path + " holds buildkite.token and everybody can read it: chmod 600 " + path}));
  ASSERT_EQ(chmod(path.c_str(), 0606), 0);
  EXPECT_EQ(
      home.load_error(),
      "~/config.toml:1:22: bitbucket.password: everybody can write to this file; make it yours alone: chmod "
      "600 ~/config.toml\n"
      "~/config.toml:5:19: buildkite.token: everybody can write to this file; make it yours alone: chmod 600 "
      "~/config.toml");
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
                           {"BUILDKITE_PROXY", "http://bot:canary-5@proxy:3128"}});
  const Config config = home.load();
  std::string everything = print_config(config);
  for (const std::string& hint : config.hints) everything += hint;
  for (const auto& entry : config.origins) everything += entry.second.text;
  EXPECT_EQ(everything.find("canary"), std::string::npos) << everything;
  EXPECT_NE(everything.find("http://***@proxy:3128"), std::string::npos);
}

TEST(SecretVariables, AreOverwrittenAndUnset) {
  setenv("BITBUCKET_PASSWORD", "canary", 1);
  setenv("BUILDKITE_PROXY", "http://bot:canary@proxy", 1);
  setenv("BITBUCKET_URL", "https://git.example.com", 1);
  EXPECT_EQ(variable(read_environment(), "BITBUCKET_PASSWORD"), "canary");
  const char* const old_value = std::getenv("BITBUCKET_PASSWORD");
  forget_secret_variables();
  EXPECT_STREQ(old_value, "");
  EXPECT_EQ(std::getenv("BITBUCKET_PASSWORD"), nullptr);
  EXPECT_EQ(std::getenv("BUILDKITE_PROXY"), nullptr);
  EXPECT_STREQ(std::getenv("BITBUCKET_URL"), "https://git.example.com");
  unsetenv("BITBUCKET_URL");
}

}  // namespace
}  // namespace connector::config
