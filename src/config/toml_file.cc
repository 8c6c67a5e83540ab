#include "config/toml_file.hh"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>

#include "config/nearest.hh"
#include "core/error.hh"
#include "core/text.hh"

namespace connector::config {
namespace {

/// A key of the file: that of a setting, or the *_file key beside a secret.
struct KnownKey {
  std::string key;
  const Setting* setting = nullptr;
  bool names_file = false;
};

std::vector<KnownKey> known_keys() {
  std::vector<KnownKey> keys;
  for (const Setting& setting : settings()) {
    keys.push_back({setting.key, &setting, false});
    if (setting.kind == Kind::secret) keys.push_back({file_key(setting), &setting, true});
  }
  return keys;
}

std::string last_part(std::string_view key) {
  return std::string(key.substr(key.rfind('.') + 1));
}
std::string table_of(std::string_view key) {
  return std::string(key.substr(0, key.find('.')));
}

std::string_view expectation(const KnownKey& known) {
  if (known.names_file) return "text in quotes";
  switch (known.setting->kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::count:
      return "a whole number";
    case Kind::duration:
      return R"(a whole number or text such as "15m")";
    case Kind::list:
      return R"(a list of texts such as ["a", "b"])";
    case Kind::text:
    case Kind::url:
    case Kind::proxy:
    case Kind::path:
    case Kind::choice:
    case Kind::secret:
    case Kind::status_template:
      return "text in quotes";
  }
  return "another type";
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

std::optional<std::vector<std::string>> texts_of(const toml::array* array) {
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return std::nullopt;
    items.push_back(*text);
  }
  return items;
}

/// The node as the value of this key; nothing when it has another type.
std::optional<Value> value_of(const toml::node& node, const KnownKey& known) {
  const Kind kind = known.names_file ? Kind::path : known.setting->kind;
  if (kind == Kind::list) {
    auto items = texts_of(node.as_array());
    return items ? std::optional<Value>({{}, *std::move(items)}) : std::nullopt;
  }
  if (kind == Kind::boolean) {
    const auto flag = node.value_exact<bool>();
    return flag ? std::optional<Value>({*flag ? "true" : "false", {}}) : std::nullopt;
  }
  if (kind == Kind::count || kind == Kind::duration) {
    if (const auto number = node.value_exact<std::int64_t>()) return Value{std::to_string(*number), {}};
    if (kind == Kind::count) return std::nullopt;
  }
  const auto text = node.value_exact<std::string>();
  return text ? std::optional<Value>({*text, {}}) : std::nullopt;
}

/// Walks the file's tables and sorts what it finds into values and problems.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  void read(const toml::table& table, const std::string& prefix) {
    for (auto&& [key, node] : table) {
      const std::string full = prefix + std::string(key.str());
      const auto known =
          std::find_if(keys_.begin(), keys_.end(), [&](const KnownKey& k) { return k.key == full; });
      if (known != keys_.end()) {
        take(*known, node);
      } else if (is_table(full)) {
        read_table(full, key.source(), node);
      } else {
        contents_.problems.push_back(place(key.source()) + ": " + unknown(full, node.is_table()));
      }
    }
  }

  FileContents finish() && { return std::move(contents_); }

 private:
  [[nodiscard]] std::string place(const toml::source_region& source) const {
    return path_ + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column);
  }

  [[nodiscard]] bool is_table(std::string_view name) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](const KnownKey& k) { return table_of(k.key) == name; });
  }

  void read_table(const std::string& name, const toml::source_region& source, const toml::node& node) {
    if (const toml::table* inner = node.as_table()) return read(*inner, name + ".");
    contents_.problems.push_back(place(source) + ": '" + name + "' is a table; write [" + name +
                                 "] on a line of its own");
  }

  void take(const KnownKey& known, const toml::node& node) {
    auto value = value_of(node, known);
    if (value) {
      contents_.values.push_back({known.setting, known.names_file, *std::move(value), place(node.source())});
      return;
    }
    contents_.problems.push_back(place(node.source()) + ": " + known.key + ": expected " +
                                 std::string(expectation(known)) + ", found " + std::string(type_name(node)));
  }

  [[nodiscard]] std::string unknown(const std::string& key, bool is_a_table) const {
    std::vector<std::string> candidates;
    for (const KnownKey& known : keys_) {
      const std::string candidate = is_a_table ? table_of(known.key) : known.key;
      // The right word in the wrong table is a likelier slip than a word that looks alike.
      if (!is_a_table && last_part(candidate) == last_part(key)) {
        return "unknown key '" + printable(key, 100) + "'; did you mean '" + candidate + "'?";
      }
      candidates.push_back(candidate);
    }
    return (is_a_table ? "unknown table '" : "unknown key '") + printable(key, 100) + "'" +
           suggestion(key, candidates);
  }

  const std::string& path_;
  std::vector<KnownKey> keys_ = known_keys();
  FileContents contents_;
};

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number && !text.empty(); ++line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// The key that a line sets; empty when the line does not look like "key = ...".
std::string key_on_line(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  auto key = line.substr(0, equals);
  while (!key.empty() && (key.front() == ' ' || key.front() == '\t')) key.remove_prefix(1);
  while (!key.empty() && (key.back() == ' ' || key.back() == '\t')) key.remove_suffix(1);
  return printable(key, 100);
}

/// What the library says, unless it might quote from a secret: its texts repeat words of the offending line.
std::string syntax_problem(const toml::parse_error& error, std::string_view text) {
  const std::string key = key_on_line(line_of(text, error.source().begin.line));
  const auto keys = known_keys();
  const auto known = std::find_if(keys.begin(), keys.end(),
                                  [&](const KnownKey& k) { return last_part(k.key) == last_part(key); });
  if (known == keys.end()) return "this is not valid TOML here";
  const std::string at_key = "the value of '" + key + "' is not valid TOML";
  if (holds_secret(known->setting->kind)) return at_key + "; text is written in quotes";
  return at_key + ": " + printable(error.description(), 200);
}

}  // namespace

FileContents read_toml(std::string_view text, const std::string& path) {
  try {
    const toml::table table = toml::parse(text, std::string_view(path));
    Reader reader(path);
    reader.read(table, "");
    return std::move(reader).finish();
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw Error(ExitStatus::config, path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                                        ": " + syntax_problem(error, text));
  }
}

}  // namespace connector::config
