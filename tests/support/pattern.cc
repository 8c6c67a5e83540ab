#include "support/pattern.hh"

#include <regex>

namespace connector::support {
namespace {

Match parts_of(const std::smatch& found) {
  Match match;
  for (const auto& part : found) match.push_back(part.str());
  return match;
}

}  // namespace

std::optional<Match> match_of(const std::string& text, const std::string& pattern) {
  std::smatch found;
  if (!std::regex_match(text, found, std::regex(pattern))) return std::nullopt;
  return parts_of(found);
}

std::vector<Match> matches_in(const std::string& text, const std::string& pattern) {
  const std::regex shape(pattern);
  std::vector<Match> matches;
  for (std::sregex_iterator found(text.begin(), text.end(), shape), end; found != end; ++found)
    matches.push_back(parts_of(*found));
  return matches;
}

std::string replaced(const std::string& text, const std::string& pattern, const std::string& by) {
  return std::regex_replace(text, std::regex(pattern), by);
}

}  // namespace connector::support
