#include "config/toml_syntax.hh"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/known_keys.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

constexpr std::size_t most_problems = 20;
constexpr std::string_view blanks = " \t\r";

/// A text by its lines, counted from 1, which can be blanked so that all others keep their places.
class Lines {
 public:
  explicit Lines(std::string text) : text_(std::move(text)) {
    for (std::size_t begin = 0; begin < text_.size(); begin = end_of(begin) + 1) begins_.push_back(begin);
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] unsigned count() const { return static_cast<unsigned>(begins_.size()); }
  [[nodiscard]] std::string_view line(unsigned number) const {
    if (number < 1 || number > count()) return {};
    const std::size_t begin = begins_[number - 1];
    return std::string_view(text_).substr(begin, end_of(begin) - begin);
  }
  void blank(unsigned first, unsigned last) {
    for (unsigned number = first; number <= std::min(last, count()); ++number) {
      const std::size_t begin = begins_[number - 1];
      std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(begin), end_of(begin) - begin, ' ');
    }
  }

 private:
  [[nodiscard]] std::size_t end_of(std::size_t begin) const {
    return std::min(text_.find('\n', begin), text_.size());
  }

  std::string text_;
  std::vector<std::size_t> begins_;
};

std::string_view without_blanks_in_front(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(blanks), line.size()));
}

std::size_t width_of(std::string_view line) {
  line = line.substr(0, line.find_last_not_of('\r') + 1);
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), begins_character));
}

bool is_header(std::string_view line) {
  return without_blanks_in_front(line).starts_with('[');
}

/// A line that gives a key a value.
struct Assignment {
  std::string key;
  std::size_t value = 0;  ///< where the value begins on the line
};

std::optional<Assignment> assignment_on(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  auto key = without_blanks_in_front(line.substr(0, equals));
  key = key.substr(0, key.find_last_not_of(blanks) + 1);
  const auto is_of_a_key = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (key.empty() || !std::all_of(key.begin(), key.end(), is_of_a_key)) return std::nullopt;
  return Assignment{std::string(key), std::min(line.find_first_not_of(blanks, equals + 1), line.size())};
}

/// Whether the library says that a key or a table occurs twice.
bool repeats(std::string_view said) {
  return said.find("redefine") != std::string_view::npos;
}

Shown shown_at(const KnownKey* known) {
  return known == nullptr ? Shown::nothing : shown_with(*known->setting);
}

/// Whether a line begins a table or gives a key a value, one of ours if `only_known`.
bool begins_something(std::string_view line, bool only_known) {
  const auto assignment = assignment_on(line);
  return is_header(line) || (assignment && (!only_known || find_by_last_part(assignment->key) != nullptr));
}

/// Parses again and again, and takes out what is not TOML.
class SyntaxReader {
 public:
  SyntaxReader(std::string text, const std::string& path) : lines_(std::move(text)), path_(path) {}

  ParsedToml read() && {
    bool again = true;
    while (again) {
      try {
        result_.table = toml::parse(lines_.text());
        again = false;
      } catch (const toml::parse_error& error) {
        again = take_out(error) && result_.problems.size() < most_problems;
      }
    }
    return std::move(result_);
  }

 private:
  void add(Position at, const std::string& text, Shown shown) {
    const std::string place = std::to_string(at.line) + ":" + std::to_string(at.column);
    result_.problems.push_back({at, printable(path_) + ":" + place + ": " + text, shown, true});
  }

  /// Notes the error and takes out what it is about; false when there is no way to go on.
  bool take_out(const toml::parse_error& error) {
    const Position at{error.source().begin.line, error.source().begin.column};
    const std::string_view line = lines_.line(at.line);
    const std::string said = ": " + printable(error.description(), 200);
    const bool ends_early = said.find("end-of-file") != std::string::npos;
    const bool is_long_text = has_long_text_until(at.line);
    if (const auto list = open_list_above(ends_early ? at.line + 1 : at.line); list && !is_long_text) {
      take_out_of_list(*list, at, said, ends_early);
    } else if (is_long_text || without_blanks_in_front(line).empty()) {
      add(at, std::string("this is not valid TOML here") + (ends_early ? "; something above has no end" : ""),
          Shown::nothing);
      return false;
    } else if (is_header(line)) {
      add(at,
          repeats(said) ? "this table is above already; put its keys there" : "this is not valid TOML" + said,
          Shown::key);
      take_out_table(at.line);
    } else {
      take_out_assignment(at, assignment_on(line), said);
    }
    return true;
  }

  /// Whether a text in three quotes begins there or above; its lines look like anything.
  [[nodiscard]] bool has_long_text_until(unsigned last) const {
    for (unsigned number = 1; number <= last; ++number) {
      const std::string_view line = lines_.line(number);
      if (line.find(R"(""")") != std::string_view::npos || line.find("'''") != std::string_view::npos)
        return true;
    }
    return false;
  }

  struct OpenList {
    Position at;
    const KnownKey* known = nullptr;
    std::string key;
  };

  /// The list that begins above a line and has no end there.
  [[nodiscard]] std::optional<OpenList> open_list_above(unsigned below) const {
    for (unsigned number = below - 1; number >= 1; --number) {
      const std::string_view line = lines_.line(number);
      const auto assignment = assignment_on(line);
      const auto value = assignment ? assignment->value : 0;
      if (line.find(']', value) != std::string_view::npos || is_header(line)) return std::nullopt;
      if (!assignment) continue;
      if (!line.substr(value).starts_with('[')) return std::nullopt;
      const Position at{number, static_cast<unsigned>(value) + 1};
      return OpenList{at, find_by_last_part(assignment->key), assignment->key};
    }
    return std::nullopt;
  }

  void take_out_of_list(const OpenList& list, Position at, const std::string& said, bool ends_early) {
    const std::string name = list.known == nullptr ? "the list" : "the list of '" + list.key + "'";
    const Shown shown = shown_at(list.known);
    if (ends_early || begins_something(lines_.line(at.line), false)) {
      add(list.at, name + " has no end: ']' is missing", shown);
      lines_.blank(list.at.line, ends_early ? lines_.count() : at.line - 1);
    } else {
      const bool has_key = lines_.line(at.line).find('=') != std::string_view::npos;
      const bool is_safe = shown == Shown::line && !has_key;
      add(at, name + " is not valid TOML" + (is_safe ? said : ""), is_safe ? Shown::line : Shown::nothing);
      const bool ends_here = lines_.line(at.line).find(']') != std::string_view::npos;
      lines_.blank(ends_here ? list.at.line : at.line, at.line);
    }
  }

  void take_out_table(unsigned first) {
    unsigned last = first;
    while (last < lines_.count() && !is_header(lines_.line(last + 1))) ++last;
    lines_.blank(first, last);
  }

  void take_out_assignment(Position at, const std::optional<Assignment>& assignment,
                           const std::string& said) {
    const KnownKey* known = assignment ? find_by_last_part(assignment->key) : nullptr;
    const Shown shown = shown_at(known);
    // Without a key that we know, the line may be the rest of anything.
    add(at, known == nullptr ? "this is not valid TOML here" : what_is_wrong(*known, *assignment, at, said),
        shown);
    // Of a secret that was broken into lines, the next one may look like a key.
    const bool only_known = shown == Shown::nothing;
    unsigned last = at.line;
    while (last < lines_.count() && !begins_something(lines_.line(last + 1), only_known)) ++last;
    lines_.blank(at.line, last);
  }

  [[nodiscard]] std::string what_is_wrong(const KnownKey& known, const Assignment& assignment, Position at,
                                          const std::string& said) const {
    if (repeats(said)) return "'" + assignment.key + "' is set above already; keep one of the two";
    const std::string text = "the value of '" + assignment.key + "' is not valid TOML";
    const std::string_view line = lines_.line(at.line);
    const auto value = line.substr(assignment.value);
    const bool is_quoted = value.starts_with('"') || value.starts_with('\'');
    const bool is_word =
        !value.empty() && ((value[0] >= 'a' && value[0] <= 'z') || (value[0] >= 'A' && value[0] <= 'Z'));
    if (is_quoted && at.column > width_of(line)) return text + "; its closing quote is missing";
    if (!is_word && shown_with(*known.setting) == Shown::line) return text + said;
    if (is_quoted) return text + R"(; \ within "..." begins an escape, '...' takes it as it is)";
    return text + "; expected " + std::string(expectation(known));
  }

  Lines lines_;
  const std::string& path_;
  ParsedToml result_;
};

}  // namespace

ParsedToml parse_toml(std::string text, const std::string& path) {
  return SyntaxReader(std::move(text), path).read();
}

}  // namespace connector::config
