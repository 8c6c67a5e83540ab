#include "core/text/hex.hh"

namespace connector {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::string hex64(std::uint64_t number) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4U)
    *digit = digits[number & 0xFU];
  return text;
}

std::optional<std::uint64_t> parse_hex64(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = (number << 4U) | digit;
  }
  return number;
}

}  // namespace connector
