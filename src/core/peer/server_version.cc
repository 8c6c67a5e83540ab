#include "core/peer/server_version.hh"

#include <charconv>
#include <system_error>

namespace connector {
namespace {

/// Takes a number from the beginning of the text; nothing when there is none or it is too large.
std::optional<unsigned> take_number(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::optional<ServerVersion> parse_server_version(std::string_view text) {
  const auto major = take_number(text);
  if (!major || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = take_number(text);
  if (!minor || !(text.empty() || text.front() == '.' || text.front() == '-')) return std::nullopt;
  return ServerVersion{*major, *minor};
}

Capabilities capabilities_of(ServerVersion version) {
  Capabilities capabilities;
  capabilities.repository_builds = version >= ServerVersion{7, 4};
  capabilities.reading_by_key = version >= ServerVersion{7, 14};
  capabilities.cancelled_state = version >= ServerVersion{8, 0};
  return capabilities;
}

}  // namespace connector
