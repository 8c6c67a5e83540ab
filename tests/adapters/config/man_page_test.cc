// The manual page tells of every option, variable, key, file and exit status what the program knows of them,
// and of no other.
#include "adapters/config/man_page.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "adapters/config/source_tree.hh"
#include "adapters/config/told_by_help.hh"
#include "config/paths.hh"
#include "config/settings.hh"
#include "core/text/text.hh"
#include "support/pattern.hh"

namespace connector {
namespace {

using testing::Contains;
using testing::HasSubstr;
using Names = std::set<std::string>;

const ManPage& page() {
  static const ManPage read(source_file("contrib/man/buildkite-bitbucket-connector.1"));
  return read;
}

/// Every match of a pattern in the page's text, examples included.
Names found_in_text(const std::string& pattern) {
  Names found;
  for (const auto& match : support::matches_in(page().text(), pattern)) found.insert(match.front());
  return found;
}

/// ".Fl c Ar file , Fl -config Ar file" as --help has it.
ToldOption option_of(const std::string& head) {
  ToldOption option;
  for (const std::string& name : marked(head, "Fl")) option.names.push_back("-" + name);
  const auto arguments = marked(head, "Ar");
  if (!arguments.empty()) option.argument = " " + arguments.back();
  for (const std::string& word : marked(head, "Cm")) option.argument = "[=" + word + "]";
  return option;
}

Names names_of_options() {
  Names names;
  for (const auto& option : options_in_help()) names.insert(option.names.begin(), option.names.end());
  return names;
}

/// What the program, or libcurl for it, reads beside the variables of the settings.
const Names& other_variables() {
  static const Names names = {"CONNECTOR_CONFIG",
                              "CREDENTIALS_DIRECTORY",
                              "STATE_DIRECTORY",
                              "XDG_STATE_HOME",
                              "XDG_CONFIG_HOME",
                              "HOME",
                              "HTTPS_PROXY",
                              "NO_PROXY",
                              "NO_COLOR",
                              "TERM",
                              "CI",
                              "BUILDKITE",
                              "JOURNAL_STREAM",
                              "BUILDKITE_PIPELINE_SLUG"};
  return names;
}

/// Every variable that means something.
Names known_variables() {
  Names names = other_variables();
  for (const auto& setting : config::settings()) {
    for (const auto& variable : setting.variables) {
      names.insert(variable);
      if (setting.kind == config::Kind::secret) names.insert(variable + "_FILE");
    }
  }
  return names;
}

TEST(ManPage, HasAnItemForEveryOptionAndForNoOther) {
  std::vector<ToldOption> told;
  for (const auto& item : page().section("OPTIONS").items()) {
    told.push_back(option_of(item.head));
    EXPECT_NE(item.body, "") << item.head;
  }
  EXPECT_EQ(told, options_in_help());
}

TEST(ManPage, ShowsEveryOptionInTheSynopsis) {
  Names shown;
  for (const auto& flags : page().section("SYNOPSIS").marked("Fl")) {
    if (flags.starts_with('-')) {
      shown.insert("-" + flags);
    } else {
      for (const char letter : flags) shown.insert(std::string("-") + letter);
    }
  }
  for (const auto& option : options_in_help()) {
    const auto is_shown = [&](const std::string& name) { return shown.contains(name); };
    EXPECT_TRUE(std::any_of(option.names.begin(), option.names.end(), is_shown)) << option.names.back();
  }
}

TEST(ManPage, NamesNoOptionThatDoesNotExist) {
  const Names names = names_of_options();
  for (const auto& flag : page().marked("Fl")) {
    if (flag == "nqv") continue;  // of the synopsis
    EXPECT_THAT(names, Contains("-" + flag));
  }
  for (const auto& name : found_in_text("--[a-z][a-z-]*")) EXPECT_THAT(names, Contains(name));
}

TEST(ManPage, SaysOfEveryExitStatusWhatHelpSaysAndOfNoOther) {
  const auto items = page().section("EXIT STATUS").items();
  const auto statuses = statuses_in_help();
  ASSERT_EQ(items.size(), statuses.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].head, "." + statuses[i].number + " Pq " + statuses[i].name);
    EXPECT_THAT(ascii_lower(items[i].body), HasSubstr(ascii_lower(statuses[i].meaning)));
  }
}

TEST(ManPage, HasAnItemForTheVariablesOfEverySettingInTheirOrder) {
  const auto items = page().section("ENVIRONMENT").items();
  for (const auto& setting : config::settings()) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const ManItem& item) {
      const auto keys = marked(item.head, "Va");
      return std::count(keys.begin(), keys.end(), setting.key) == 1;
    });
    ASSERT_NE(found, items.end()) << setting.key;
    EXPECT_EQ(marked(found->head, "Ev"), setting.variables);
    EXPECT_NE(found->body, "") << setting.key;
    if (!setting.fallback.empty()) {
      EXPECT_THAT(found->body, HasSubstr(setting.fallback + " by default"));
    }
    if (setting.kind == config::Kind::secret) {
      EXPECT_THAT(ascii_lower(found->body), HasSubstr("a secret")) << setting.key;
    }
  }
}

TEST(ManPage, HasAnItemForEveryOtherVariable) {
  Names told;
  for (const auto& item : page().section("ENVIRONMENT").items()) {
    if (!marked(item.head, "Va").empty()) continue;
    for (const auto& name : marked(item.head, "Ev")) told.insert(name);
  }
  EXPECT_EQ(told, other_variables());
}

TEST(ManPage, TellsEveryPlaceOfASecret) {
  const ManPage environment = page().section("ENVIRONMENT");
  for (const auto& setting : config::settings()) {
    if (setting.kind != config::Kind::secret) continue;
    for (const auto& variable : setting.variables)
      EXPECT_THAT(environment.marked("Ev"), Contains(variable + "_FILE"));
    EXPECT_THAT(environment.marked("Pa"), Contains(config::credential_name(setting)));
    EXPECT_THAT(environment.marked("Va"), Contains(config::file_key(setting)));
  }
}

TEST(ManPage, NamesNoVariableThatDoesNotExist) {
  const Names known = known_variables();
  for (const auto& name : page().marked("Ev")) EXPECT_THAT(known, Contains(name));
  for (const auto& name : found_in_text("\\b[A-Z]+_[A-Z_]+\\b")) EXPECT_THAT(known, Contains(name));
}

TEST(ManPage, NamesNoKeyThatDoesNotExist) {
  Names known;
  for (const auto& setting : config::settings()) {
    known.insert(setting.key);
    if (setting.kind == config::Kind::secret) known.insert(config::file_key(setting));
  }
  for (const auto& key : page().marked("Va")) EXPECT_THAT(known, Contains(key));
}

TEST(ManPage, TellsWhereTheFilesAre) {
  const auto told = page().section("FILES").marked("Pa");
  for (const auto& file : config::usual_config_files({})) EXPECT_THAT(told, Contains(file));
  EXPECT_THAT(told, Contains(config::usual_state_file("<organization>", {})));
  EXPECT_THAT(
      told, Contains(config::usual_state_file("<organization>", {{"STATE_DIRECTORY", "$STATE_DIRECTORY"}})));
}

}  // namespace
}  // namespace connector
