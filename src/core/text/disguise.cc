#include "core/text/disguise.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace connector {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

unsigned byte_of(char c) {
  return static_cast<unsigned char>(c);
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The code point of a whole sequence; the byte itself of one that is none.
unsigned long code_point(std::string_view character) {
  unsigned long value = byte_of(character.front());
  if (character.size() == 1) return value;
  value &= 0xFFU >> (character.size() + 1);
  for (const char c : character.substr(1)) value = value << 6U | (byte_of(c) & 0x3FU);
  return value;
}

struct Number {
  unsigned long value = 0;
  std::size_t length = 0;  ///< in digits; 0 when there is no number
};

Number number_in(std::string_view text, int base, std::size_t most) {
  Number number;
  const auto digits = text.substr(0, most);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number.value, base);
  if (error == std::errc()) number.length = static_cast<std::size_t>(end - digits.data());
  return number;
}

/// The length of %XX for a byte, in which the % may be encoded itself: %25XX, %2525XX.
std::size_t percent_length(unsigned byte, std::string_view text) {
  if (!text.starts_with('%')) return 0;
  std::size_t length = 1;
  while (text.substr(length).starts_with("25") && number_in(text.substr(length + 2), 16, 2).length == 2)
    length += 2;
  const Number number = number_in(text.substr(length), 16, 2);
  return number.length == 2 && number.value == byte ? length + 2 : 0;
}

/// The length of an entity of HTML for a code point.
std::size_t entity_length(unsigned long code, std::string_view text) {
  constexpr std::array<std::pair<unsigned long, std::string_view>, 5> names = {
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}}};
  for (const auto& [named, name] : names) {
    if (named == code && text.starts_with(name)) return name.size();
  }
  if (!text.starts_with("&#")) return 0;
  const bool is_hex = text.substr(2).starts_with('x') || text.substr(2).starts_with('X');
  const std::size_t begin = is_hex ? 3 : 2;
  const Number number = number_in(text.substr(std::min(begin, text.size())), is_hex ? 16 : 10, 7);
  const bool ends = text.substr(std::min(begin + number.length, text.size())).starts_with(';');
  return number.length > 0 && number.value == code && ends ? begin + number.length + 1 : 0;
}

/// The length of uXXXX, of two of them for a surrogate pair, of u{X} or of xXX, behind a backslash.
std::size_t escape_length(unsigned long code, std::string_view text) {
  if (text.starts_with("u{")) {
    const Number number = number_in(text.substr(2), 16, 6);
    const bool ends = text.substr(2 + number.length).starts_with('}');
    return number.length > 0 && number.value == code && ends ? number.length + 3 : 0;
  }
  const std::size_t digits = text.starts_with('u') ? 4 : 2;
  if (!text.starts_with('u') && !text.starts_with('x')) return 0;
  const Number number = number_in(text.substr(1), 16, digits);
  if (number.length != digits) return 0;
  if (number.value == code) return digits + 1;
  if (code < 0x10000 || number.value != 0xD800 + (code - 0x10000) / 0x400) return 0;
  const auto second = text.substr(digits + 1);
  const std::size_t backslashes = std::min(second.find_first_not_of('\\'), second.size());
  const auto rest = second.substr(backslashes);
  const bool fits = backslashes > 0 && rest.starts_with('u') &&
                    number_in(rest.substr(1), 16, 4).value == 0xDC00 + (code - 0x10000) % 0x400;
  return fits ? digits + 1 + backslashes + 5 : 0;
}

/// The bytes one after the other, each as it is or in a form for single bytes.
std::size_t bytewise_length(std::string_view character, std::string_view text) {
  std::size_t length = 0;
  for (const char c : character) {
    const auto rest = text.substr(length);
    const std::size_t percent = percent_length(byte_of(c), rest);
    const std::size_t entity = entity_length(byte_of(c), rest);
    const bool is_replaced = byte_of(c) >= 0x80 && rest.starts_with(replacement);
    if (percent > 0) {
      length += percent;
    } else if (entity > 0) {
      length += entity;
    } else if (rest.starts_with(c)) {
      ++length;
    } else if (is_replaced) {
      length += replacement.size();
    } else {
      return 0;
    }
  }
  return length;
}

}  // namespace

std::size_t length_of_character(std::string_view text) {
  const unsigned lead = byte_of(text.front());
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (text.size() < length) return 1;
  const auto rest = text.substr(1, length - 1);
  return std::all_of(rest.begin(), rest.end(), [](char c) { return (byte_of(c) & 0xC0U) == 0x80U; }) ? length
                                                                                                     : 1;
}

std::vector<std::size_t> disguised_lengths(std::string_view character, std::string_view text) {
  std::vector<std::size_t> lengths;
  const auto add = [&](std::size_t before, std::size_t length) {
    if (length > 0) lengths.push_back(before + length);
  };
  const unsigned long code = code_point(character);
  if (text.starts_with(character)) add(0, character.size());
  if (character == "%") {
    // Each 25 may be the last one of the % or what stands behind it.
    const std::size_t most = text.starts_with('%') ? text.size() : 0;
    for (std::size_t length = 3; length <= most && text.substr(length - 2, 2) == "25"; length += 2)
      add(0, length);
  } else {
    add(0, bytewise_length(character, text));
  }
  add(0, entity_length(code, text));
  const std::size_t backslashes = std::min(text.find_first_not_of('\\'), text.size());
  const auto behind = text.substr(backslashes);
  if (character == "\\") {
    constexpr std::size_t most = 16;  // escaped four times
    for (std::size_t count = 2; count <= std::min(backslashes, most); ++count) add(0, count);
  } else if (backslashes > 0 && !is_alphanumeric(character.front())) {
    if (behind.starts_with(character)) add(backslashes, character.size());
  }
  if (backslashes > 0) add(backslashes, escape_length(code, behind));
  if (character == "'" && text.starts_with("'\\")) {
    const std::size_t quotes = text.find_first_not_of('\\', 1);
    if (quotes != std::string_view::npos && text.substr(quotes).starts_with("''")) add(quotes, 2);
  }
  return lengths;
}

}  // namespace connector
