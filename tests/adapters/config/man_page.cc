#include "adapters/config/man_page.hh"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <utility>

namespace connector {
namespace {

/// The words of a line; one in quotes may hold blanks.
std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> std::quoted(word);) words.push_back(word);
  return words;
}

bool is_macro(const std::string& word) {
  const auto is_between = [](char c, char first, char last) { return c >= first && c <= last; };
  return word.size() == 2 && is_between(word[0], 'A', 'Z') && is_between(word[1], 'a', 'z');
}

bool is_comment(const std::string& line) {
  return line.starts_with(".\\\"");
}

/// What a reader sees of a line, nearly: the blanks are not always right.
std::string plain(const std::string& line) {
  if (is_comment(line)) return {};
  if (!line.starts_with('.')) return line;
  std::string text;
  for (const std::string& word : words_of(line.substr(1))) {
    if (is_macro(word)) continue;
    const bool closes = word == "," || word == "." || word == ";" || word == ":";
    text += (text.empty() || closes ? "" : " ") + word;
  }
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const std::string more = plain(line);
    if (!more.empty()) text += (text.empty() ? "" : " ") + more;
  }
  return text;
}

}  // namespace

std::vector<std::string> marked(const std::string& line, const std::string& macro) {
  std::vector<std::string> arguments;
  if (!line.starts_with('.') || is_comment(line)) return arguments;
  const auto words = words_of(line.substr(1));
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == macro) arguments.push_back(words[i + 1]);
  }
  return arguments;
}

ManPage::ManPage(const std::string& mdoc) {
  std::istringstream text(mdoc);
  bool goes_on = false;
  for (std::string line; std::getline(text, line);) {
    const bool ends_open = line.ends_with('\\');
    if (ends_open) line.pop_back();
    if (goes_on) {
      lines_.back() += line;
    } else {
      lines_.push_back(line);
    }
    goes_on = ends_open;
  }
}

ManPage ManPage::section(const std::string& name) const {
  const auto start = std::find(lines_.begin(), lines_.end(), ".Sh " + name);
  if (start == lines_.end()) return ManPage(std::vector<std::string>());
  const auto end =
      std::find_if(start + 1, lines_.end(), [](const std::string& line) { return line.starts_with(".Sh "); });
  return ManPage(std::vector<std::string>(start + 1, end));
}

std::vector<ManItem> ManPage::items() const {
  std::vector<ManItem> items;
  std::vector<std::string> body;
  const auto give_body = [&] {
    for (auto item = items.rbegin(); item != items.rend() && item->body.empty(); ++item)
      item->body = joined(body);
    body.clear();
  };
  bool in_item = false;
  for (const std::string& line : lines_) {
    const bool starts = line.starts_with(".It ");
    if (starts || line == ".El") give_body();
    if (starts) items.push_back({"." + line.substr(4), {}});
    if (starts || line == ".El") in_item = starts;
    if (in_item && !starts) body.push_back(line);
  }
  return items;
}

std::vector<std::string> ManPage::marked(const std::string& macro) const {
  std::vector<std::string> arguments;
  for (const std::string& line : lines_) {
    const auto more = connector::marked(line, macro);
    arguments.insert(arguments.end(), more.begin(), more.end());
  }
  return arguments;
}

std::string ManPage::text() const {
  return joined(lines_);
}

}  // namespace connector
