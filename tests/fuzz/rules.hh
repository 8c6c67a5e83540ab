// What texts have to be like, found out without the code under test.
#pragma once

#include <cstddef>
#include <string_view>

namespace connector::fuzz {

/// Well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// No C0 or C1 control character, and no DEL; of valid UTF-8.
bool has_no_controls(std::string_view text);

/// Nothing that hides or reorders text either, such as bidirectional overrides.
bool misleads_nobody(std::string_view text);

/// Java's String.length() of valid UTF-8.
std::size_t java_length(std::string_view text);

/// Expects text that may be shown to people on one line.
void expect_line(std::string_view text, std::string_view what);

/// The same for several lines.
void expect_lines(std::string_view text, std::string_view what);

}  // namespace connector::fuzz
