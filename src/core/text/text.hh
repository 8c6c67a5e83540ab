// Text from outside, made safe: valid UTF-8, bounded, one line, no control characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

/// Whether all bytes are ASCII, which is valid UTF-8 and one UTF-16 unit each.
bool is_ascii(std::string_view text);

/// The text as valid UTF-8: each byte that is not part of a well-formed sequence becomes U+FFFD.
std::string valid_utf8(std::string_view text);

/// How many UTF-16 units valid UTF-8 text takes, the unit Bitbucket's limits count in (Java's @Size).
std::size_t utf16_length(std::string_view text);

/// The longest prefix of valid UTF-8 text within `units` UTF-16 units; no character is split.
std::string_view utf16_prefix(std::string_view text, std::size_t units);

/// The text within `units` (at least one) UTF-16 units: as it is, or its prefix and an ellipsis.
std::string cut_utf16(std::string_view text, std::size_t units);

/// Outside text for a log line or a terminal: valid UTF-8, at most `limit` bytes and an ellipsis, with
/// control characters, bidirectional overrides, line ends and backslashes written as escapes such as \n or
/// \u{202e}.
std::string printable(std::string_view text, std::size_t limit = 300);

/// A character that acts on whoever shows it instead of being seen: a control character, a bidirectional
/// override, a zero-width mark, a line separator. All are in the basic plane.
struct HiddenCharacter {
  char16_t code;
  std::size_t bytes;
};
/// The one that a text begins with; nothing when it begins with any other character, or with none.
std::optional<HiddenCharacter> hidden_character(std::string_view text);

/// The first line of a text without control characters and surrounding blanks; empty when there is none.
std::string first_line(std::string_view text);

/// Whether valid UTF-8 text holds characters outside Unicode's basic plane (emoji, rare scripts: four bytes
/// in UTF-8), which databases with MySQL's three-byte utf8 cannot store.
bool leaves_basic_plane(std::string_view text);

/// Valid UTF-8 text without its characters outside the basic plane, without what only varies or joins them,
/// and without the blanks that would be left double or at an end.
std::string basic_plane(std::string_view text);

/// Lower case for ASCII letters only; other bytes stay.
std::string ascii_lower(std::string_view text);

/// Whether `text` matches `pattern`, in which * stands for any run of characters, the empty one included.
bool glob_matches(std::string_view pattern, std::string_view text);

/// A path segment or query value for a URL: everything but RFC 3986's unreserved characters as %XX.
std::string percent_encode(std::string_view text);

/// The text with each %XX replaced by the byte it stands for; a lone % stays.
std::string percent_decode(std::string_view text);

/// FNV-1a, 64 bits: checksum of the state file, digest of URLs, hash of the sharding. Stable across machines.
std::uint64_t fnv1a64(std::string_view text);

}  // namespace connector
