#include "report/complaint.hh"

#include <algorithm>

#include "core/text/text.hh"
#include "report/group_heads.hh"
#include "report/log.hh"

namespace connector::report {
namespace {

/// One line, printable; but its backslashes stay single, as its parts were made printable when it was made.
std::string harmless(std::string_view line) {
  constexpr std::size_t longest = 4000;
  std::string out;
  while (true) {
    const std::size_t end = std::min(line.find('\\'), line.size());
    out += printable(line.substr(0, end), longest);
    if (end == line.size()) return out;
    out += '\\';
    line.remove_prefix(end + 1);
  }
}

}  // namespace

std::string complaint(std::string_view message, const Look& look) {
  const std::string text = "buildkite-bitbucket-connector: " + std::string(message);
  const std::string_view priority = look.priorities ? priority_of(config::LogLevel::error) : "";
  std::string lines;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.append(priority).append(without_group_heads(harmless(rest.substr(0, end)))).append("\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

}  // namespace connector::report
