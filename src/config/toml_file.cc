#include "config/toml_file.hh"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>

#include "config/known_keys.hh"
#include "config/nearest.hh"
#include "config/overrides.hh"
#include "config/toml_syntax.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

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

/// A text over several lines may hold anything, the line of a secret included, so no message may quote it. No
/// setting takes one but a secret, which is never quoted.
bool may_have_swallowed_lines(const Value& value, const KnownKey& known) {
  const auto has_lines = [](const std::string& text) { return text.find('\n') != std::string::npos; };
  const bool is_secret = known.setting->kind == Kind::secret && !known.names_file;
  return !is_secret &&
         (has_lines(value.text) || std::any_of(value.items.begin(), value.items.end(), has_lines));
}

bool is_table(std::string_view name) {
  const auto& keys = known_keys();
  return std::any_of(keys.begin(), keys.end(), [&](const KnownKey& k) { return table_of(k.key) == name; });
}

/// What to say about a key or table that is not known.
std::string unknown(const std::string& key, bool is_a_table) {
  std::vector<std::string> candidates;
  for (const KnownKey& known : known_keys()) {
    const std::string candidate = is_a_table ? std::string(table_of(known.key)) : known.key;
    // The right word in the wrong table is a likelier slip than a word that looks alike.
    if (!is_a_table && last_part(candidate) == last_part(key)) {
      return "unknown key '" + printable(key, 100) + "'; did you mean '" + candidate + "'?";
    }
    candidates.push_back(candidate);
  }
  return (is_a_table ? "unknown table '" : "unknown key '") + printable(key, 100) + "'" +
         suggestion(key, candidates);
}

std::string unknown_in_override(const std::string& key) {
  std::vector<std::string> candidates = {"slug"};
  for (const OverrideKey& candidate : override_keys()) candidates.push_back(candidate.key);
  return "[[pipeline]] knows no key '" + printable(key, 100) + "'" + suggestion(key, candidates);
}

/// Walks the file's tables and sorts what it finds into values and problems.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  void read(const toml::table& table, const std::string& prefix) {
    for (auto&& [key, node] : table) {
      const std::string full = prefix + std::string(key.str());
      const auto& keys = known_keys();
      const auto known =
          std::find_if(keys.begin(), keys.end(), [&](const KnownKey& k) { return k.key == full; });
      if (known != keys.end()) {
        take(*known, node);
      } else if (full == "pipeline") {
        read_overrides(key.source(), node);
      } else if (is_table(full)) {
        read_table(full, key.source(), node);
      } else {
        add(key.source(), unknown(full, node.is_table()), Shown::key);
      }
    }
  }

  FileContents finish() && { return std::move(contents_); }

 private:
  [[nodiscard]] Origin origin_at(const toml::source_region& source) const {
    const Position at{source.begin.line, source.begin.column};
    return {Source::file, printable(path_) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
            at};
  }

  void add(const toml::source_region& source, const std::string& text, Shown shown) {
    const Origin origin = origin_at(source);
    contents_.problems.push_back({origin.position, origin.text + ": " + text, shown});
  }

  void read_table(const std::string& name, const toml::source_region& source, const toml::node& node) {
    if (const toml::table* inner = node.as_table()) return read(*inner, name + ".");
    add(source, "'" + name + "' is a table; write [" + name + "] on a line of its own", Shown::key);
  }

  void read_overrides(const toml::source_region& source, const toml::node& node) {
    const toml::array* overrides = node.as_array();
    if (overrides == nullptr || !overrides->is_homogeneous(toml::node_type::table)) {
      return add(source, "'pipeline' is a list of tables; write [[pipeline]] on a line of its own",
                 Shown::key);
    }
    for (const toml::node& override : *overrides) {
      contents_.overrides.emplace_back();
      read_override(*override.as_table(), "");
      if (contents_.overrides.back().slug.empty())
        add(override.source(),
            "[[pipeline]] needs a slug, in which * stands for anything: slug = \"deploy-*\"", Shown::line);
    }
  }

  void read_override(const toml::table& table, const std::string& prefix) {
    for (auto&& [key, node] : table) {
      const std::string full = prefix + std::string(key.str());
      const auto& keys = override_keys();
      const auto known =
          std::find_if(keys.begin(), keys.end(), [&](const OverrideKey& k) { return k.key == full; });
      if (known != keys.end()) {
        if (auto value = value_as({"pipeline." + full, known->setting, false}, node))
          contents_.overrides.back().values.push_back(*std::move(value));
      } else if (full == "slug") {
        take_slug(node);
      } else if (full == "states" && node.is_table()) {
        read_override(*node.as_table(), "states.");
      } else {
        add(key.source(), unknown_in_override(full), Shown::key);
      }
    }
  }

  void take_slug(const toml::node& node) {
    const auto slug = node.value_exact<std::string>();
    if (slug) {
      contents_.overrides.back().slug = *slug;
      return;
    }
    contents_.overrides.back().slug = "*";  // wrong, but not missing
    add(node.source(), "pipeline.slug: expected text in quotes, found " + std::string(type_name(node)),
        Shown::line);
  }

  void take(const KnownKey& known, const toml::node& node) {
    if (auto value = value_as(known, node)) contents_.values.push_back(*std::move(value));
  }

  std::optional<FileValue> value_as(const KnownKey& known, const toml::node& node) {
    if (auto value = value_of(node, known)) {
      if (!may_have_swallowed_lines(*value, known))
        return FileValue{known.setting, known.names_file, *std::move(value), origin_at(node.source())};
      add(node.source(), known.key + ": holds a line end", Shown::nothing);
      return std::nullopt;
    }
    add(node.source(),
        known.key + ": expected " + std::string(expectation(known)) + ", found " +
            std::string(type_name(node)),
        shown_with(*known.setting));
    return std::nullopt;
  }

  const std::string& path_;
  FileContents contents_;
};

}  // namespace

FileContents read_toml(std::string_view text, const std::string& path) {
  const ParsedToml parsed = parse_toml(std::string(text), path);
  Reader reader(path);
  reader.read(parsed.table, "");
  FileContents contents = std::move(reader).finish();
  contents.problems.insert(contents.problems.end(), parsed.problems.begin(), parsed.problems.end());
  contents.is_whole = parsed.problems.empty();
  return contents;
}

}  // namespace connector::config
