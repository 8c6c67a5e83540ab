// contrib/systemd speaks of what the program knows: its credentials and exit statuses.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "adapters/config/source_tree.hh"
#include "config/settings.hh"
#include "core/exit_status.hh"
#include "support/pattern.hh"

namespace connector {
namespace {

const char* const service = "contrib/systemd/buildkite-bitbucket-connector.service";

/// The values that the service gives to a key.
std::multiset<std::string> values(const std::string& key) {
  std::multiset<std::string> found;
  for (const auto& match : support::matches_in(source_file(service), "\n" + key + "=([^\n]*)"))
    found.insert(match.at(1));
  return found;
}

TEST(SystemdService, LoadsEachCredentialThatThereIs) {
  std::multiset<std::string> expected;
  for (const auto& setting : config::settings()) {
    if (setting.kind != config::Kind::secret) continue;
    const std::string name = config::credential_name(setting);
    expected.insert(name + ":buildkite-bitbucket-connector." + name);
  }
  EXPECT_EQ(values("LoadCredential"), expected);
}

TEST(SystemdService, LeavesItToTheTimerToTryAgain) {
  const auto tempfail = std::to_string(static_cast<int>(ExitStatus::temp_fail));
  EXPECT_EQ(values("SuccessExitStatus"), std::multiset<std::string>{tempfail});
  EXPECT_EQ(values("Restart"), std::multiset<std::string>{});
}

}  // namespace
}  // namespace connector
