// contrib/config.toml, which people copy: every line of it can be used as it is, and says what holds without
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "adapters/config/config_fixture.hh"
#include "adapters/config/source_tree.hh"
#include "config/settings.hh"
#include "support/pattern.hh"

namespace connector::config {
namespace {

/// A line of the sample, with the setting on it if there is one.
struct SampleLine {
  std::string text;
  std::string key;      ///< with its table; empty when the line sets nothing
  std::string comment;  ///< behind the value, and on the lines right above
  bool is_commented_out = false;
};

/// The part of a line from its comment on; values have a single blank before a '#', if any.
std::string comment_behind(const std::string& line) {
  const auto at = line.find("  # ");
  return at == std::string::npos ? std::string() : line.substr(at);
}

std::vector<SampleLine> sample() {
  // A setting that is commented out has no blank behind its '#'.
  std::vector<SampleLine> lines;
  std::istringstream text(source_file("contrib/config.toml"));
  std::string table;
  std::string above;
  for (std::string line; std::getline(text, line);) {
    SampleLine entry{line, {}, {}, false};
    if (const auto parts = support::match_of(line, "(#?)([a-z_]+) = .*")) {
      entry = {line, table + "." + parts->at(2), above + comment_behind(line), !parts->at(1).empty()};
    }
    if (line.starts_with('[')) table = line.substr(1, line.find(']') - 1);
    above = line.starts_with("# ") ? above + line + "\n" : std::string();
    lines.push_back(entry);
  }
  return lines;
}

std::string text_of(const std::vector<SampleLine>& lines) {
  std::string text;
  for (const SampleLine& line : lines) text += line.text + "\n";
  return text;
}

std::vector<SampleLine> without_login(std::vector<SampleLine> lines) {
  std::erase_if(lines, [](const SampleLine& line) {
    return line.key == "bitbucket.username" || line.key.starts_with("bitbucket.password");
  });
  return lines;
}

/// The sample with these settings used, which are commented out in it.
std::vector<SampleLine> sample_with(const std::set<std::string>& keys) {
  auto lines = sample();
  for (SampleLine& line : lines) {
    if (line.is_commented_out && keys.contains(line.key)) line.text.erase(0, 1);
  }
  const bool has_token = keys.contains("bitbucket.token") || keys.contains("bitbucket.token_file");
  return has_token ? without_login(std::move(lines)) : lines;
}

/// The sample with one setting used, and with what it needs beside it.
std::vector<SampleLine> sample_with(const std::string& key) {
  const std::string table = key.substr(0, key.find('.'));
  if (key.ends_with(".client_key")) return sample_with(std::set{key, table + ".client_certificate"});
  return sample_with(std::set{key});
}

bool names_a_file(const std::string& key) {
  return find_setting(key) == nullptr;  // the *_file keys have no setting of their own
}

/// Lets the *_file keys of the sample name a file that exists.
void provide_files(std::vector<SampleLine>& lines, ConfigHome& home) {
  const std::string file = home.write_beside("secret", "https://example.com/a-secret\n");
  for (SampleLine& line : lines) {
    if (!line.key.empty() && names_a_file(line.key))
      line.text = line.text.substr(0, line.text.find('=')) + "= \"" + file + '"';
  }
}

/// The words of a comment that are variables of ours.
std::vector<std::string> variables_in(const std::string& comment) {
  std::vector<std::string> words;
  for (const auto& found : support::matches_in(comment, "[A-Z]+(_[A-Z]+)+")) {
    if (found.front() != "HTTPS_PROXY" && found.front() != "NO_PROXY") words.push_back(found.front());
  }
  return words;
}

TEST(Sample, HasEachKeyOnceAndNoOthers) {
  std::vector<std::string> keys;
  for (const SampleLine& line : sample()) {
    if (!line.key.empty()) keys.push_back(line.key);
  }
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, all_keys());
}

TEST(Sample, NamesTheVariablesAndTheCredentialOfEachSetting) {
  for (const SampleLine& line : sample()) {
    const Setting* setting = find_setting(line.key);
    if (setting == nullptr) continue;
    EXPECT_EQ(variables_in(line.comment), setting->variables) << line.key;
    if (setting->kind != Kind::secret) continue;
    EXPECT_NE(line.comment.find("credential " + credential_name(*setting)), std::string::npos) << line.key;
  }
}

TEST(Sample, IsLoadedAndSetsOnlyWhatIsRequired) {
  ConfigHome home;
  home.write(text_of(sample()));
  EXPECT_EQ(home.load().origins.size(), required_keys().size());
}

TEST(Sample, IsLoadedWithAnyOfItsCommentsUsed) {
  for (const SampleLine& line : sample()) {
    if (!line.is_commented_out) continue;
    ConfigHome home;
    auto lines = sample_with(line.key);
    provide_files(lines, home);
    home.write(text_of(lines));
    const std::string key = names_a_file(line.key) ? line.key.substr(0, line.key.rfind("_file")) : line.key;
    EXPECT_EQ(origin_of(home.load(), key).source, Source::file) << line.text;
  }
}

TEST(Sample, IsLoadedWithAllOfItsCommentsUsed) {
  const auto keys = all_keys();
  ConfigHome home;
  auto lines = sample_with(std::set(keys.begin(), keys.end()));
  provide_files(lines, home);
  home.write(text_of(lines));
  const Config config = home.load();
  for (const Setting& setting : settings()) {
    const bool is_of_the_login = setting.key == "bitbucket.username" || setting.key == "bitbucket.password";
    EXPECT_NE(config.origins.contains(setting.key), is_of_the_login) << setting.key;
  }
}

TEST(Sample, HasAnOverrideThatIsLoaded) {
  ConfigHome home;
  const std::string text = source_file("contrib/config.toml");
  std::istringstream lines(text.substr(text.find("# [[pipeline]]")));
  std::string override;
  for (std::string line; std::getline(lines, line);) override += line.substr(2) + "\n";
  home.write(text_of(sample()) + override);
  const Config config = home.load();
  ASSERT_EQ(config.overrides.size(), 1U);
  EXPECT_EQ(config.overrides.front().slug, "deploy-*");
  EXPECT_EQ(config.overrides.front().texts.name, "Deployment {build.number} of {pipeline.name}");
}

TEST(Sample, ShowsInCommentsWhatHoldsWithoutThem) {
  ConfigHome home;
  home.write(text_of(sample()));
  const Config defaults = home.load();
  for (const SampleLine& line : sample()) {
    const Setting* setting = find_setting(line.key);
    const bool is_an_example = line.comment.find("default: ") != std::string::npos ||
                               line.comment.find("left out: ") != std::string::npos;
    if (setting == nullptr || !line.is_commented_out || is_an_example) continue;
    if (setting->kind == Kind::secret) continue;
    home.write(text_of(sample_with(line.key)));
    const std::string usual = setting->access.show(defaults);
    const bool is_a_state = usual.empty() && line.key.starts_with("states.");
    EXPECT_EQ(setting->access.show(home.load()), is_a_state ? '"' + setting->without + '"' : usual)
        << line.text;
  }
}

}  // namespace
}  // namespace connector::config
