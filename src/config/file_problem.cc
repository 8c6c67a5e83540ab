#include "config/file_problem.hh"

#include <algorithm>
#include <array>
#include <cstddef>

#include "config/known_keys.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

constexpr std::size_t widest = 76;  // of 80 columns, behind the indentation
constexpr std::size_t before_caret = 50;
constexpr std::string_view indentation = "\n    ";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";
constexpr std::string_view blanks = " \t";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The file up to the end of a line, line end excluded; nothing when it has fewer lines.
std::string_view through_line(std::string_view file, unsigned number) {
  std::size_t end = 0;
  for (unsigned line = 1; line < number; ++line) {
    end = file.find('\n', end);
    if (end == std::string_view::npos) return {};
    ++end;
  }
  auto text = file.substr(0, file.find('\n', end));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// The line with a blank for each byte of its texts; one without closing quote reaches to the line's end.
std::string outside_quotes(std::string_view line) {
  std::string out(line);
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0') {
      if (c == '#') break;
      if (c == '"' || c == '\'') quote = c;
      continue;
    }
    out[i] = ' ';
    if (c == quote) quote = '\0';
    if (c == '\\' && quote == '"' && i + 1 < line.size()) out[++i] = ' ';
  }
  return out;
}

std::string_view without_comment(std::string_view line) {
  line = line.substr(0, outside_quotes(line).find('#'));
  return line.substr(0, line.find_last_not_of(blanks) + 1);
}

bool names_secret(std::string_view text) {
  // Also what people call them elsewhere; a proxy's URL may hold a login.
  constexpr std::array<std::string_view, 4> words = {"passw", "secret", "creden", "proxy"};
  const auto is_named = [&](std::string_view word) { return contains(text, word); };
  if (std::any_of(words.begin(), words.end(), is_named)) return true;
  const auto& keys = known_keys();
  return std::any_of(keys.begin(), keys.end(), [&](const KnownKey& known) {
    return known.setting->kind == Kind::secret && is_named(last_part(known.setting->key));
  });
}

/// Whether a line names a secret or may hold one beside what it is about: a login, query or fragment of a
/// URL, or another key, as inline tables have them.
bool may_hold_secret(std::string_view line) {
  const std::string text = ascii_lower(line);
  const bool is_url = contains(text, "://") || contains(text, "url");
  const bool is_more_than_an_address = is_url && text.find_first_of("?#") != std::string::npos;
  const std::string outside = outside_quotes(line);
  const bool has_another_key = std::count(outside.begin(), outside.end(), '=') > 1;
  return names_secret(text) || is_more_than_an_address || contains(text, "@") || has_another_key;
}

/// What of the line may be shown.
std::string visible_part(std::string_view line, const FileProblem& problem) {
  if (problem.shown == Shown::line) {
    const auto part = without_comment(line);
    return may_hold_secret(part) ? std::string() : std::string(part);
  }
  if (problem.shown == Shown::nothing) return {};
  const auto equals = line.find('=');
  if (equals != std::string_view::npos) {
    const bool is_first_key = problem.at.column <= equals;
    return is_first_key ? std::string(line.substr(0, equals)) + "= ..." : std::string();
  }
  const auto header = without_comment(line.substr(std::min(line.find_first_not_of(blanks), line.size())));
  const bool is_plain = header.starts_with('[') && header.find_first_of("\"'") == std::string_view::npos;
  return is_plain ? std::string(without_comment(line)) : std::string();
}

/// A character of a line as it is shown, and how many columns that takes.
struct Cell {
  std::string text;
  std::size_t width = 1;
};

std::vector<Cell> cells_of(std::string_view line) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  const std::string text = valid_utf8(line);
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && continues(text[end])) ++end;
    const std::string character = text.substr(i, end - i);
    Cell cell{character == "\\" ? character : printable(character)};
    if (character == "\t") cell.text = " ";
    cell.width = static_cast<std::size_t>(
        std::count_if(cell.text.begin(), cell.text.end(), [&](char c) { return !continues(c); }));
    cells.push_back(cell);
    i = end;
  }
  return cells;
}

std::size_t width_of(const std::vector<Cell>& cells, std::size_t begin, std::size_t end) {
  std::size_t width = 0;
  for (std::size_t i = begin; i < end; ++i) width += cells[i].width;
  return width;
}

}  // namespace

std::string excerpt(std::string_view file, const FileProblem& problem) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (file.starts_with(byte_order_mark)) file.remove_prefix(byte_order_mark.size());
  // Lines of a text that takes several look like anything, also where only its end has three quotes.
  if (contains(file, R"(""")") || contains(file, "'''")) return {};
  const auto so_far = through_line(file, problem.at.line);
  const std::string part = visible_part(so_far.substr(so_far.rfind('\n') + 1), problem);
  if (part.empty()) return {};

  const auto cells = cells_of(part);
  const std::size_t caret = std::min<std::size_t>(std::max(problem.at.column, 1U) - 1, cells.size());
  const bool fits = width_of(cells, 0, cells.size()) <= widest;
  std::size_t begin = 0;
  while (!fits && width_of(cells, begin, caret) > before_caret) ++begin;
  const std::size_t room = fits ? widest : widest - 2;  // for an ellipsis at each end
  std::size_t end = begin;
  while (end < cells.size() && width_of(cells, begin, end + 1) <= room) ++end;

  std::string shown(begin > 0 ? ellipsis : "");
  for (std::size_t i = begin; i < end; ++i) shown += cells[i].text;
  if (end < cells.size()) shown += ellipsis;
  const std::string margin((begin > 0 ? 1 : 0) + width_of(cells, begin, caret), ' ');
  return std::string(indentation) + shown + std::string(indentation) + margin + "^";
}

std::vector<std::string> messages(std::string_view file, std::vector<FileProblem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const FileProblem& one, const FileProblem& other) { return one.at < other.at; });
  const bool is_toml = std::none_of(problems.begin(), problems.end(),
                                    [](const FileProblem& problem) { return problem.is_syntax; });
  const bool may_be_shown = is_toml || !names_secret(ascii_lower(file));
  std::vector<std::string> texts;
  texts.reserve(problems.size());
  for (const FileProblem& problem : problems)
    texts.push_back(problem.text + (may_be_shown ? excerpt(file, problem) : std::string()));
  return texts;
}

}  // namespace connector::config
