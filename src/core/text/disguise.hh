// The ways in which programs write a character that they take for special: encoded, escaped, quoted.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace connector {

/// The length of the UTF-8 sequence that `text`, which is not empty, begins with; 1 for a byte that begins
/// none.
std::size_t length_of_character(std::string_view text);

/// How many bytes at the beginning of `text` may stand for this one character: as it is, as %XX in either
/// case and encoded any number of times, behind backslashes, as \uXXXX, \u{X} or \xXX, as an entity of HTML,
/// as a quote in the shell's quotes, or with U+FFFD for bytes that were no UTF-8 by themselves. Several
/// answers are possible, and none when the text says something else.
std::vector<std::size_t> disguised_lengths(std::string_view character, std::string_view text);

}  // namespace connector
