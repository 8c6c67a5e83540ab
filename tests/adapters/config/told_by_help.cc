#include "adapters/config/told_by_help.hh"

#include <cstdlib>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "config/command_line.hh"
#include "core/text/text.hh"
#include "support/temp_dir.hh"

namespace connector {
namespace {

/// The lines of --help that match as a whole.
std::vector<std::smatch> matches_in(const std::vector<std::string>& lines, const std::string& pattern) {
  const std::regex shape(pattern);
  std::vector<std::smatch> found;
  for (const std::string& line : lines) {
    std::smatch match;
    if (std::regex_match(line, match, shape)) found.push_back(match);
  }
  return found;
}

const std::vector<std::string>& lines_of_help() {
  static const std::vector<std::string> lines = [] {
    std::istringstream text(config::help_text());
    std::vector<std::string> result;
    for (std::string line; std::getline(text, line);) result.push_back(line);
    return result;
  }();
  return lines;
}

}  // namespace

std::vector<ToldOption> options_in_help() {
  std::vector<ToldOption> options;
  for (const auto& match :
       matches_in(lines_of_help(), R"( {2,6}(?:(-\w), )?(--[a-z-]+)(\S*| [A-Z]+) {2}.*)")) {
    ToldOption option{{}, ascii_lower(match.str(3))};
    if (match[1].matched) option.names.push_back(match.str(1));
    option.names.push_back(match.str(2));
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<ToldStatus> statuses_in_help() {
  std::vector<ToldStatus> statuses;
  for (const auto& match : matches_in(lines_of_help(), R"( +(\d+) +(\w+) +(.+))"))
    statuses.push_back({match.str(1), match.str(2), match.str(3)});
  return statuses;
}

}  // namespace connector
