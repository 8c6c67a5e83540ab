#include "fuzz/rules.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

/// The code points; nothing where the text is not UTF-8.
std::optional<std::vector<std::uint32_t>> decoded(std::string_view text) {
  std::vector<std::uint32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(text[at])}; };
    const std::uint32_t lead = byte(i);
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xC0) || lead >= 0xF8 || text.size() - i <= more) return std::nullopt;
    std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      if (byte(i + k) < 0x80 || byte(i + k) >= 0xC0) return std::nullopt;
      point = point * 64 + byte(i + k) % 64;
    }
    constexpr std::uint32_t lowest[] = {0, 0x80, 0x800, 0x10000};
    if (point < lowest[more] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return std::nullopt;
    points.push_back(point);
    i += more + 1;
  }
  return points;
}

template <typename Predicate>
bool none_is(std::string_view text, Predicate predicate) {
  const auto points = decoded(text);
  if (!points) return false;
  for (const std::uint32_t point : *points) {
    if (predicate(point)) return false;
  }
  return true;
}

bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

bool misleads(std::uint32_t point) {
  return point == 0x200E || point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

bool is_utf8(std::string_view text) {
  return decoded(text).has_value();
}

bool has_no_controls(std::string_view text) {
  return none_is(text, is_control);
}

bool misleads_nobody(std::string_view text) {
  return none_is(text, misleads);
}

std::size_t java_length(std::string_view text) {
  std::size_t length = 0;
  const auto points = decoded(text).value();
  for (const std::uint32_t point : points) length += point > 0xFFFF ? 2 : 1;
  return length;
}

void expect_line(std::string_view text, std::string_view what) {
  expect(is_utf8(text), std::string(what) + " is UTF-8", text);
  expect(has_no_controls(text), std::string(what) + " holds no control characters", text);
  expect(misleads_nobody(text), std::string(what) + " misleads nobody", text);
}

void expect_lines(std::string_view text, std::string_view what) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    expect_line(text.substr(0, end), what);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace connector::fuzz
