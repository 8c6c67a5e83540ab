// That no text of the configuration shows one of its secrets, not even where a secret stands in a wrong
// place.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/config/config_fixture.hh"
#include "config/secret_mask.hh"
#include "config/settings.hh"

namespace connector::config {
namespace {

TEST(SecretMask, HidesEverySecretOfTheConfiguration) {
  for (const Setting& setting : settings()) {
    if (!holds_secret(setting.kind)) continue;
    ConfigHome home;
    auto keys = required_keys();
    if (setting.key == "bitbucket.token") {
      keys.erase("bitbucket.username");
      keys.erase("bitbucket.password");
    }
    home.write(toml_of(keys));
    const bool is_proxy = setting.kind == Kind::proxy;
    const bool is_url = setting.key == "heartbeat.ping_url";
    home.environment[setting.variables.front()] = is_proxy ? "http://me:ca%6Eary@proxy:3128"
                                                  : is_url ? "https://ping.example/canary"
                                                           : "canary";
    const Mask mask = mask_of(home.load());
    EXPECT_EQ(mask.hide("canary ca%6eary Y2FuYXJ5"), "*** *** ***") << setting.key;
    EXPECT_EQ(mask.hide("Basic bWU6Y2FuYXJ5") == "Basic ***", is_proxy) << setting.key << ": me:canary";
  }
}

TEST(SecretMask, HidesTheLoginAsItIsSent) {
  const Mask mask = mask_of(ConfigHome().load());
  EXPECT_EQ(mask.hide("bot:hunter2 Ym90Omh1bnRlcjI= bot"), "bot:*** *** bot");
}

TEST(SecretMask, HidesAPingUrlWholeAndInParts) {
  ConfigHome home;
  home.environment["HEARTBEAT_PING_URL"] = "https://Ping.example/check/eb095278-f28d-448d-87fb-7b75c171a6aa/";
  const Mask mask = mask_of(home.load());
  EXPECT_EQ(mask.hide("to https://ping.example/check/eb095278-f28d-448d-87fb-7b75c171a6aa/start"),
            "to ***/start");
  EXPECT_EQ(mask.hide("/check/eb095278-f28d-448d-87fb-7b75c171a6aa"), "/***");
  EXPECT_EQ(mask.hide("check eb095278-f28d-448d-87fb-7b75c171a6aa"), "check ***");
}

TEST(SecretMask, HidesAProxysLoginWithoutPassword) {
  ConfigHome home;
  home.environment["BUILDKITE_PROXY"] = "http://canary@proxy:3128";
  EXPECT_EQ(mask_of(home.load()).hide("http://canary@proxy"), "http://***@proxy");
}

TEST(SecretMask, HidesTheLoginOfAProxyThatTheEnvironmentNames) {
  for (const char* name : proxy_variables) {
    for (const char* proxy : {"http://me:ca%6Eary@proxy:3128", "me:canary@proxy", "socks5h://canary@proxy"}) {
      const Mask mask = mask_of(ConfigHome().load(), {{name, proxy}});
      EXPECT_EQ(mask.hide("a canary"), "a ***") << name << ' ' << proxy;
    }
  }
}

TEST(ConfigProblems, HideASecretInAWrongPlace) {
  ConfigHome home;
  home.environment["BUILDKITE_API_TOKEN"] = "BKUA-CANARY";
  home.environment["BUILDKITE_ORGANIZATION"] = "BKUA-CANARY";
  home.write(toml_of(required_keys()) + "status.name = \"{build.nmber} hunter2\"\nlog.level = \"hunter2\"\n");
  const std::string text = home.load_error();
  EXPECT_NE(text.find("environment variable BUILDKITE_ORGANIZATION: '***' is not"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\n    status.name = \"{build.nmber} ***\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("log.level: '***' is not one of"), std::string::npos) << text;
  EXPECT_EQ(text.find("CANARY"), std::string::npos) << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
}

TEST(ConfigHints, HideASecretInAWrongPlace) {
  ConfigHome home;
  home.environment["BUILDKITE_TOKEN_FILE"] = home.write_beside("canary", "canary");
  ASSERT_EQ(chmod(home.path("canary").c_str(), 0644), 0);
  const auto hints = home.load().hints;
  ASSERT_EQ(hints.size(), 1U);
  EXPECT_EQ(hints.front().find("canary"), std::string::npos) << hints.front();
}

}  // namespace
}  // namespace connector::config
