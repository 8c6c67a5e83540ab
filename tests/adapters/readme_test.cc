// README's tables are promises to users; they must not fall behind the code.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>

#include "adapters/told_by_help.hh"
#include "config/settings.hh"

namespace connector {
namespace {

std::string readme() {
  return source_text("README.md");
}

bool mentions(const std::string& text, const std::string& code) {
  return text.find('`' + code + '`') != std::string::npos;
}

TEST(Readme, NamesEverySettingAndItsVariables) {
  const std::string text = readme();
  for (const auto& setting : config::settings()) {
    const std::string leaf = setting.key.substr(setting.key.find('.') + 1);
    const bool of_every_server = mentions(text, "*." + leaf);
    const bool of_every_state = setting.key.starts_with("states.") && mentions(text, "states.<state>");
    EXPECT_TRUE(mentions(text, setting.key) || mentions(text, leaf) || of_every_server || of_every_state)
        << setting.key;
    for (const auto& variable : setting.variables) {
      EXPECT_TRUE(of_every_server || mentions(text, variable)) << variable;
    }
  }
}

TEST(Readme, NamesEveryOptionAndNoOther) {
  const std::string text = readme();
  std::vector<std::string> names;
  for (const auto& option : options_in_help())
    names.insert(names.end(), option.names.begin(), option.names.end());
  for (const auto& name : names) EXPECT_TRUE(mentions(text, name)) << name;
  const std::regex code("`(?:contrib/run |buildkite-bitbucket-connector )?(--?[A-Za-z][a-z-]*)`");
  for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match)
    EXPECT_EQ(std::count(names.begin(), names.end(), match->str(1)), 1) << match->str();
}

TEST(Readme, SaysOfEveryExitStatusWhatHelpSays) {
  const std::string text = readme();
  for (const auto& status : statuses_in_help())
    EXPECT_NE(text.find("\n| " + status.number + " | " + status.name + " | " + status.meaning),
              std::string::npos)
        << status.number << " " << status.meaning;
}

}  // namespace
}  // namespace connector
