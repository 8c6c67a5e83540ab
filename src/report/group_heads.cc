#include "report/group_heads.hh"

#include <algorithm>
#include <array>

namespace connector::report {
namespace {

bool is_group_head(std::string_view line) {
  constexpr std::array<std::string_view, 4> marks = {"---", "+++", "~~~", "^^^"};
  return std::any_of(marks.begin(), marks.end(), [line](auto mark) { return line.starts_with(mark); });
}

}  // namespace

std::string without_group_heads(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    if (is_group_head(line)) out += ' ';
    out += line;
    text.remove_prefix(line.size());
  }
  return out;
}

}  // namespace connector::report
