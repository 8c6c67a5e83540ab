#include "core/listing/look_back.hh"

#include "core/text/duration.hh"

namespace connector {

std::optional<LookBack> parse_look_back(std::string_view text) {
  if (const auto at = parse_timestamp(text)) return LookBack{at};
  const bool bare_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  const auto over = parse_duration(text, std::chrono::seconds{1});
  if (bare_number || !over || over->count() == 0) return std::nullopt;
  return LookBack{std::nullopt, *over};
}

Timestamp start_of(const LookBack& look_back, Timestamp now) {
  return look_back.at.value_or(now - look_back.over);
}

}  // namespace connector
