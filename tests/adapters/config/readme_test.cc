// README's tables are promises to users; they must not fall behind the code.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/config/config_fixture.hh"
#include "adapters/config/source_tree.hh"
#include "adapters/config/told_by_help.hh"
#include "config/settings.hh"
#include "support/pattern.hh"

namespace connector {
namespace {

using Words = std::vector<std::string>;

/// A row of the table of settings, with its abbreviations written out.
struct Row {
  Words keys;
  Words variables;
  std::string fallback;
};

std::string section(const std::string& title) {
  const std::string text = source_file("README.md");
  const auto begin = text.find("\n## " + title + "\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

Words code_spans(const std::string& text) {
  Words spans;
  for (auto open = text.find('`'); open != std::string::npos;) {
    const auto close = text.find('`', open + 1);
    if (close == std::string::npos) break;
    spans.push_back(text.substr(open + 1, close - open - 1));
    open = text.find('`', close + 1);
  }
  return spans;
}

/// "*.proxy" is a setting of both servers.
Words of_both_servers(const std::string& name, const std::string& one, const std::string& other) {
  if (!name.starts_with('*')) return {name};
  return {one + name.substr(1), other + name.substr(1)};
}

Words states() {
  Words keys;
  for (const auto& setting : config::settings()) {
    const bool has_a_name_of_its_own = setting.key == "states.blocked" || setting.key == "states.gone";
    if (setting.key.starts_with("states.") && !has_a_name_of_its_own) keys.push_back(setting.key);
  }
  return keys;
}

/// The keys of a cell: "`buildkite.token`, `token_file`" leaves the second table out.
Words keys_of(const std::string& cell) {
  Words keys;
  for (const std::string& span : code_spans(cell)) {
    Words more = of_both_servers(span, "buildkite", "bitbucket");
    if (span == "states.<state>") more = states();
    if (span.find('.') == std::string::npos && !keys.empty()) {
      more = {keys.front().substr(0, keys.front().find('.') + 1) + span};
    }
    keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

Words variables_of(const std::string& cell) {
  Words variables;
  for (const std::string& span : code_spans(cell)) {
    const Words more = of_both_servers(span, "BUILDKITE", "BITBUCKET");
    variables.insert(variables.end(), more.begin(), more.end());
  }
  return variables;
}

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::istringstream lines(section("Settings"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const auto second = line.find(" | ");
    const auto third = line.find(" | ", second + 1);
    rows.push_back({keys_of(line.substr(0, second)), variables_of(line.substr(second, third - second)),
                    line.substr(third)});
  }
  return rows;
}

TEST(Readme, HasEachSettingInOneRowAndNoOthers) {
  Words keys;
  for (const Row& row : rows()) keys.insert(keys.end(), row.keys.begin(), row.keys.end());
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, config::all_keys());
}

TEST(Readme, NamesTheVariablesOfEachSettingInTheirOrderAndNoOthers) {
  for (const Row& row : rows()) {
    Words expected;
    for (const std::string& key : row.keys) {
      const auto* setting = config::find_setting(key);  // none for a *_file key
      if (setting == nullptr) continue;
      expected.insert(expected.end(), setting->variables.begin(), setting->variables.end());
    }
    EXPECT_EQ(row.variables, expected) << row.keys.front();
  }
}

TEST(Readme, SaysWhatHoldsWithoutASetting) {
  for (const Row& row : rows()) {
    const std::string fallback = row.fallback + " ";
    for (const std::string& key : row.keys) {
      const auto* setting = config::find_setting(key);
      if (setting == nullptr) continue;
      const std::string word = setting->without == "required" ? setting->without : setting->fallback;
      EXPECT_NE(fallback.find(word), std::string::npos) << key << ": " << word;
    }
  }
}

TEST(Readme, NamesEveryCredential) {
  const Words spans = code_spans(section("Settings"));
  for (const auto& setting : config::settings()) {
    if (setting.kind != config::Kind::secret) continue;
    const std::string name = config::credential_name(setting);
    EXPECT_EQ(std::count(spans.begin(), spans.end(), name), 1) << name;
  }
}

bool mentions(const std::string& text, const std::string& code) {
  return text.find('`' + code + '`') != std::string::npos;
}

TEST(Readme, NamesEveryOptionAndNoOther) {
  const std::string text = source_file("README.md");
  std::vector<std::string> names;
  for (const auto& option : options_in_help())
    names.insert(names.end(), option.names.begin(), option.names.end());
  for (const auto& name : names) EXPECT_TRUE(mentions(text, name)) << name;
  const char* const code = "`(?:contrib/run |buildkite-bitbucket-connector )?(--?[A-Za-z][a-z-]*)`";
  for (const auto& match : support::matches_in(text, code))
    EXPECT_EQ(std::count(names.begin(), names.end(), match.at(1)), 1) << match.front();
}

TEST(Readme, SaysOfEveryExitStatusWhatHelpSays) {
  const std::string text = source_file("README.md");
  for (const auto& status : statuses_in_help())
    EXPECT_NE(text.find("\n| " + status.number + " | " + status.name + " | " + status.meaning),
              std::string::npos)
        << status.number << " " << status.meaning;
}

}  // namespace
}  // namespace connector
