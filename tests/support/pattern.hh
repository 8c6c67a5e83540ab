// Regular expressions (ECMAScript), compiled in one place: <regex> costs whoever includes it seconds.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace connector::support {

/// The whole of what matched, then its groups; one that took no part is empty.
using Match = std::vector<std::string>;

/// Of the text as a whole; nothing when it does not match.
std::optional<Match> match_of(const std::string& text, const std::string& pattern);

/// All matches in a text, from left to right.
std::vector<Match> matches_in(const std::string& text, const std::string& pattern);

/// The text with each match replaced.
std::string replaced(const std::string& text, const std::string& pattern, const std::string& by);

}  // namespace connector::support
