#include "core/text/duration.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace connector {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view suffix;
  milliseconds length;
};

constexpr std::array<Unit, 5> units = {{{"d", std::chrono::hours{24}},
                                        {"h", std::chrono::hours{1}},
                                        {"m", std::chrono::minutes{1}},
                                        {"s", std::chrono::seconds{1}},
                                        {"ms", milliseconds{1}}}};

constexpr milliseconds longest = std::chrono::hours{24 * 3660};

/// Takes the letters at the start of `rest` as a unit; no letters mean `bare`, which only a lone number may
/// have.
std::optional<milliseconds> take_unit(std::string_view& rest, std::optional<milliseconds> bare) {
  std::size_t letters = 0;
  while (letters < rest.size() && rest[letters] >= 'a' && rest[letters] <= 'z') ++letters;
  const auto suffix = rest.substr(0, letters);
  rest.remove_prefix(letters);
  if (suffix.empty()) return rest.empty() ? bare : std::nullopt;
  for (const auto& unit : units) {
    if (unit.suffix == suffix) return unit.length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text, milliseconds bare_unit) {
  if (text.empty()) return std::nullopt;
  milliseconds total{0};
  std::optional<milliseconds> bare = bare_unit;
  while (!text.empty()) {
    std::int64_t count = 0;
    if (text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    const auto unit = take_unit(text, bare);
    if (!unit || count > longest / *unit) return std::nullopt;
    total += count * *unit;
    if (total > longest) return std::nullopt;
    bare.reset();
  }
  return total;
}

std::string format_duration(milliseconds duration) {
  std::string text;
  for (const auto& unit : units) {
    const auto count = duration / unit.length;
    if (count == 0) continue;
    text += std::to_string(count);
    text += unit.suffix;
    duration -= count * unit.length;
  }
  return text.empty() ? "0s" : text;
}

std::string duration_in_words(milliseconds duration) {
  constexpr std::array<std::string_view, 4> words = {" d", " h", " min", " s"};
  std::string text;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < words.size() && shown < 2; ++i) {
    const auto count = duration / units.at(i).length;
    duration -= count * units.at(i).length;
    if (count == 0) {
      if (shown > 0) break;
      continue;
    }
    if (shown++ > 0) text += ' ';
    text += std::to_string(count);
    text += words.at(i);
  }
  return text.empty() ? "0 s" : text;
}

std::string seconds_text(std::chrono::milliseconds duration) {
  constexpr std::int64_t per_second = 1000;
  const std::int64_t count = std::max<std::int64_t>(duration.count(), 0);
  const std::string thousandths = std::to_string(per_second + count % per_second).substr(1);
  return std::to_string(count / per_second) + "." + thousandths;
}

}  // namespace connector
