// contrib/config.schema.json, by which editors complete and check a configuration: what it says about each
// key is what the program does with it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "adapters/config/config_fixture.hh"
#include "adapters/config/source_tree.hh"
#include "config/overrides.hh"
#include "config/settings.hh"
#include "core/text/text.hh"
#include "support/pattern.hh"

namespace connector::config {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using Words = std::vector<std::string>;

/// The schema's entries by the keys they are for. Throws simdjson_error where it has another shape.
class Schema {
 public:
  Schema() {
    const std::string text = source_file("contrib/config.schema.json");
    root_ = parser_.parse(text).get_object();
    const object tables = root_["properties"].get_object();
    for (const auto& [table, entries] : tables) {
      if (table == "pipeline") continue;  // a list, see below
      tables_.push_back(entries.get_object());
      const object keys = entries["properties"].get_object();
      for (const auto& [name, entry] : keys)
        entries_.emplace(std::string(table) + "." + std::string(name), entry);
    }
  }

  /// The root and the tables, which hold keys.
  [[nodiscard]] std::vector<object> containers() const {
    std::vector<object> all = tables_;
    all.push_back(root_);
    return all;
  }
  /// What a [[pipeline]] may hold.
  [[nodiscard]] object overrides() const { return root_["properties"]["pipeline"]["items"].get_object(); }
  [[nodiscard]] const std::map<std::string, element>& entries() const { return entries_; }
  [[nodiscard]] element of(const Setting& setting) const { return entries_.at(setting.key); }

 private:
  simdjson::dom::parser parser_;
  object root_;
  std::vector<object> tables_;
  std::map<std::string, element> entries_;
};

std::string text_of(element value) {
  return std::string(value.get_string().value());
}

/// The member as JSON; empty when there is none.
std::string json_of(element entry, const char* member) {
  auto found = entry[member];
  return found.error() == simdjson::SUCCESS ? simdjson::minify(found.value()) : std::string();
}

/// What is wrong with a value, if anything.
Problem problem_with(const Setting& setting, const std::string& text) {
  Config config;
  return setting.access.assign(config, {text, {}});
}

/// The words of a choice, as the message about any other word lists them.
Words words_of(const Setting& setting) {
  const std::string before = " is not one of ";
  const std::string message = problem_with(setting, "none of them").value_or("");
  std::istringstream list(message.substr(message.find(before) + before.size()));
  Words words;
  for (std::string word; std::getline(list >> std::ws, word, ',');) words.push_back(word);
  return words;
}

std::string expected_type(const Setting& setting) {
  switch (setting.kind) {
    case Kind::boolean:
      return R"("boolean")";
    case Kind::count:
      return R"("integer")";
    case Kind::duration:
      return R"(["integer","string"])";
    case Kind::list:
      return R"("array")";
    case Kind::text:
    case Kind::url:
    case Kind::proxy:
    case Kind::path:
    case Kind::choice:
    case Kind::secret:
    case Kind::status_template:
      return R"("string")";
  }
  return {};
}

/// A default as JSON: numbers and truth values as they are, all else in quotes.
std::string expected_default(const Setting& setting) {
  if (setting.fallback.empty()) return {};
  const bool is_number = setting.fallback.find_first_not_of("0123456789") == std::string::npos;
  return is_number || setting.kind == Kind::boolean ? setting.fallback : '"' + setting.fallback + '"';
}

TEST(Schema, HasEachKeyAndNoOthers) {
  const Schema schema;
  Words keys;
  for (const auto& entry : schema.entries()) keys.push_back(entry.first);
  EXPECT_EQ(keys, all_keys());
}

TEST(Schema, HasEachKeyOfPipelineOverridesAndNoOthers) {
  const Schema schema;
  const object items = schema.overrides();
  Words keys;
  for (const auto& property : object(items["properties"])) {
    if (property.key != "states") keys.emplace_back(property.key);
  }
  const object states = items["properties"]["states"];
  for (const auto& [state, entry] : object(states["properties"])) {
    keys.push_back("states." + std::string(state));
    EXPECT_EQ(text_of(entry["$ref"]), "#/properties/states/properties/" + std::string(state));
  }
  Words expected = {"slug"};
  for (const OverrideKey& known : override_keys()) expected.push_back(known.key);
  EXPECT_EQ(keys, expected);
  EXPECT_EQ(simdjson::minify(items["required"].value()), R"(["slug"])");
  for (const object& container : {items, states})
    EXPECT_FALSE(container["additionalProperties"].get_bool().value());
}

TEST(Schema, TakesNoOtherKeys) {
  const Schema schema;
  for (const object& container : schema.containers()) {
    EXPECT_EQ(text_of(container["type"].value()), "object");
    EXPECT_FALSE(container["additionalProperties"].get_bool().value());
  }
}

TEST(Schema, HasTheTypesOfTheTable) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    EXPECT_EQ(json_of(schema.of(setting), "type"), expected_type(setting)) << setting.key;
    if (setting.kind != Kind::secret) continue;
    EXPECT_EQ(json_of(schema.entries().at(file_key(setting)), "type"), R"("string")") << file_key(setting);
  }
}

TEST(Schema, HasTheDefaultsOfTheTable) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    EXPECT_EQ(json_of(schema.of(setting), "default"), expected_default(setting)) << setting.key;
  }
}

/// The words that editors offer for an entry: its own, or those of the first of its alternatives.
Words offered_by(element entry) {
  Words words;
  if (!json_of(entry, "anyOf").empty()) entry = entry["anyOf"].at(0);
  if (json_of(entry, "enum").empty()) return words;
  for (const element word : entry["enum"].get_array()) words.push_back(text_of(word));
  return words;
}

/// Whether an entry of words takes this one, by the list or by the pattern beside it.
bool takes(element entry, const std::string& word) {
  const Words words = offered_by(entry);
  if (std::find(words.begin(), words.end(), word) != words.end()) return true;
  if (json_of(entry, "anyOf").empty()) return false;
  return support::match_of(word, text_of(entry["anyOf"].at(1)["pattern"].value())).has_value();
}

TEST(Schema, OffersTheWordsThatTheProgramTakes) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    EXPECT_EQ(offered_by(schema.of(setting)), setting.kind == Kind::choice ? words_of(setting) : Words{})
        << setting.key;
  }
}

TEST(Schema, TakesWordsInTheCasesThatTheProgramTakes) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    if (setting.kind != Kind::choice) continue;
    for (std::string word : words_of(setting)) {
      std::string upper = word;
      std::transform(word.begin(), word.end(), upper.begin(),
                     [](unsigned char c) { return std::toupper(c); });
      std::string mixed = ascii_lower(word);
      mixed.front() = upper.front();
      for (const std::string& text : {word, ascii_lower(word), upper, mixed, word + "x"}) {
        EXPECT_EQ(takes(schema.of(setting), text), !problem_with(setting, text))
            << setting.key << " " << text;
      }
    }
  }
}

TEST(Schema, BoundsNumbersAsTheProgramDoes) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    const element entry = schema.of(setting);
    if (setting.kind == Kind::count || setting.kind == Kind::duration) {
      const std::int64_t lowest = entry["minimum"].get_int64().value();
      EXPECT_FALSE(problem_with(setting, std::to_string(lowest))) << setting.key;
      EXPECT_TRUE(problem_with(setting, std::to_string(lowest - 1))) << setting.key;
    }
    if (setting.kind == Kind::count) {
      const std::int64_t highest = entry["maximum"].get_int64().value();
      EXPECT_FALSE(problem_with(setting, std::to_string(highest))) << setting.key;
      EXPECT_TRUE(problem_with(setting, std::to_string(highest + 1))) << setting.key;
    }
  }
}

TEST(Schema, HasPatternsThatFitWhatTheProgramTakes) {
  const Schema schema;
  for (const Setting& setting : settings()) {
    const element entry = schema.of(setting);
    EXPECT_TRUE(setting.kind != Kind::duration || !json_of(entry, "pattern").empty()) << setting.key;
    if (json_of(entry, "pattern").empty()) continue;
    const std::string pattern = text_of(entry["pattern"].value());
    for (const std::string text :
         {"90",  "90s",  "15m", "36h", "7d",   "1h30m", "1500ms",   "",     "soon", "1.5h",
          "-5m", "15 m", "15M", "h",   "1h30", "1w",    "acme-2_b", "Acme", "../x", "bot:x"}) {
      EXPECT_EQ(support::match_of(text, pattern).has_value(), !problem_with(setting, text))
          << setting.key << " " << text;
    }
  }
}

TEST(Schema, DescribesEachKeyAndNamesItsVariables) {
  const Schema schema;
  for (const auto& [key, entry] : schema.entries()) {
    const std::string text = text_of(entry["description"].value());
    EXPECT_FALSE(text.empty()) << key;
    const Setting* setting = find_setting(key);
    std::string variables;
    if (setting != nullptr) {
      for (const std::string& name : setting->variables) variables += (variables.empty() ? "" : ", ") + name;
    }
    const auto named = text.rfind("Variable");
    EXPECT_EQ(named == std::string::npos ? "" : text.substr(text.find(' ', named) + 1), variables) << key;
  }
}

TEST(Schema, IsTheOneThatTheSampleNames) {
  EXPECT_TRUE(source_file("contrib/config.toml").starts_with("#:schema ./config.schema.json\n"));
}

}  // namespace
}  // namespace connector::config
