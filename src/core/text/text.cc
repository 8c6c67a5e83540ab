#include "core/text/text.hh"

#include <algorithm>
#include <cstring>
#include <optional>

namespace connector {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";     // U+2026

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

/// Length of the well-formed UTF-8 sequence at `i`, 0 when there is none (RFC 3629: no overlong forms,
/// surrogates or values above U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const unsigned lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }
  if (length == 0 || text.size() - i < length) return 0;
  if (byte_at(text, i + 1) < low || byte_at(text, i + 1) > high) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

char32_t code_point(std::string_view text, std::size_t i, std::size_t length) {
  if (length == 1) return byte_at(text, i);
  char32_t value = byte_at(text, i) & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) value = (value << 6U) | (byte_at(text, i + k) & 0x3FU);
  return value;
}

/// The characters at the beginning that can be taken as they are: printable ASCII without backslashes.
std::string_view plain_run(std::string_view text) {
  const auto* const end = std::find_if(text.begin(), text.end(), [](char c) {
    return c < ' ' || c == '\\' || c == 0x7F || static_cast<unsigned char>(c) >= 0x80;
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/// Characters that reorder or hide what a person reads: bidirectional controls, zero-width marks, line
/// separators.
bool misleads(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0x061C || c == 0xFEFF;
}

/// Variation selectors, the keycap and the joiner, of which emoji are made up.
bool alters_neighbour(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || c == 0x20E3 || c == 0x200D;
}

std::string hexadecimal(char32_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), digits[value & 0xFU]);
    value >>= 4U;
  } while (value != 0);
  return text;
}

void append_escape(std::string& out, char32_t c) {
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else {
    out += "\\u{" + hexadecimal(c) + "}";
  }
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

std::size_t utf16_units(std::size_t utf8_length) {
  return utf8_length == 4 ? 2 : 1;
}

}  // namespace

bool is_ascii(std::string_view text) {
  std::size_t i = 0;
  for (; text.size() - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + i, sizeof eight);
    if ((eight & 0x8080808080808080U) != 0) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string valid_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    out += length == 0 ? replacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return out;
}

std::size_t utf16_length(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t units = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    units += utf16_units(length);
    i += length == 0 ? 1 : length;
  }
  return units;
}

std::string_view utf16_prefix(std::string_view text, std::size_t units) {
  if (is_ascii(text)) return text.substr(0, units);
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = sequence_length(text, end);
    used += utf16_units(length);
    if (used > units) break;
    end += length == 0 ? 1 : length;
  }
  return text.substr(0, end);
}

std::string cut_utf16(std::string_view text, std::size_t units) {
  if (utf16_prefix(text, units).size() == text.size()) return std::string(text);
  return std::string(utf16_prefix(text, units - 1)).append(ellipsis);
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view harmless = plain_run(text.substr(i));
    const std::size_t room = limit - out.size();
    out += harmless.substr(0, room);
    if (harmless.size() > room) return out.append(ellipsis);
    i += harmless.size();
    if (i == text.size()) break;
    std::string piece;
    const std::size_t length = sequence_length(text, i);
    const char32_t c = length == 0 ? 0xFFFD : code_point(text, i, length);
    if (length == 0) {
      piece = replacement;
    } else if (c == '\\') {
      piece = "\\\\";
    } else if (is_control(c) || misleads(c)) {
      append_escape(piece, c);
    } else {
      piece = text.substr(i, length);
    }
    if (out.size() + piece.size() > limit) return out.append(ellipsis);
    out += piece;
    i += length == 0 ? 1 : length;
  }
  return out;
}

std::optional<HiddenCharacter> hidden_character(std::string_view text) {
  const std::size_t length = text.empty() ? 0 : sequence_length(text, 0);
  if (length == 0) return std::nullopt;
  const char32_t c = code_point(text, 0, length);
  if (!is_control(c) && !misleads(c)) return std::nullopt;
  return HiddenCharacter{static_cast<char16_t>(c), length};
}

std::string first_line(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    const std::string_view harmless = plain_run(line.substr(i));
    out += harmless;
    i += harmless.size();
    if (i == line.size()) break;
    const std::size_t length = sequence_length(line, i);
    const char32_t c = length == 0 ? 0xFFFD : code_point(line, i, length);
    if (is_control(c)) {
      out += ' ';
    } else if (!misleads(c)) {
      out += length == 0 ? replacement : line.substr(i, length);
    }
    i += length == 0 ? 1 : length;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

bool leaves_basic_plane(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
}

std::string basic_plane(std::string_view text) {
  std::string out;
  bool after_dropped = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(sequence_length(text, i), 1);
    const char32_t c = code_point(text, i, length);
    const bool second_blank = c == ' ' && (out.empty() || out.back() == ' ');
    if (length == 4) {
      after_dropped = true;
    } else if (!after_dropped || !(second_blank || alters_neighbour(c))) {
      out += text.substr(i, length);
      after_dropped = false;
    }
    i += length;
  }
  if (after_dropped && out.ends_with(' ')) out.pop_back();
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last * passed, and where its run began in the text
  std::size_t run = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      run = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++run;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "-._~";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || marks.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && text.size() - i > 2 ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (low) i += 2;
    out += low ? static_cast<char>(*high << 4U | *low) : text[i];
  }
  return out;
}

std::uint64_t fnv1a64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace connector
