#include "adapters/config/told_by_help.hh"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "config/command_line.hh"
#include "core/text/text.hh"
#include "support/pattern.hh"
#include "support/temp_dir.hh"

namespace connector {
namespace {

const std::vector<std::string>& lines_of_help() {
  static const std::vector<std::string> lines = [] {
    std::istringstream text(config::help_text());
    std::vector<std::string> result;
    for (std::string line; std::getline(text, line);) result.push_back(line);
    return result;
  }();
  return lines;
}

/// The lines of --help that match as a whole.
std::vector<support::Match> lines_like(const std::string& pattern) {
  std::vector<support::Match> found;
  for (const std::string& line : lines_of_help()) {
    if (auto match = support::match_of(line, pattern)) found.push_back(*std::move(match));
  }
  return found;
}

}  // namespace

std::vector<ToldOption> options_in_help() {
  std::vector<ToldOption> options;
  for (const auto& match : lines_like(R"( {2,6}(?:(-\w), )?(--[a-z-]+)(\S*| [A-Z]+) {2}.*)")) {
    ToldOption option{{}, ascii_lower(match.at(3))};
    if (!match.at(1).empty()) option.names.push_back(match.at(1));
    option.names.push_back(match.at(2));
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<ToldStatus> statuses_in_help() {
  std::vector<ToldStatus> statuses;
  for (const auto& match : lines_like(R"( +(\d+) +(\w+) +(.+))"))
    statuses.push_back({match.at(1), match.at(2), match.at(3)});
  return statuses;
}

}  // namespace connector
