// 64-bit digests as 16 hexadecimal digits: JSON numbers of that size do not survive every reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

/// Exactly 16 lower-case digits.
std::string hex64(std::uint64_t number);
/// Nothing for anything but 16 lower-case digits.
std::optional<std::uint64_t> parse_hex64(std::string_view text);

}  // namespace connector
