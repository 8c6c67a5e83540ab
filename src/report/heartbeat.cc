#include "report/heartbeat.hh"

#include <string>

#include "core/text.hh"

namespace connector::report {

std::optional<http::Request> snitch_request(ExitStatus status, std::string_view summary) {
  constexpr std::size_t longest_text = 250;
  if (status == ExitStatus::temp_fail || status == ExitStatus::interrupted ||
      status == ExitStatus::terminated) {
    return std::nullopt;
  }
  http::Request request;
  request.peer = http::PeerId::heartbeat;
  request.target = "?m=" + percent_encode(utf16_prefix(summary, longest_text));
  const bool success = status == ExitStatus::ok || status == ExitStatus::incomplete;
  if (!success) request.target += "&s=" + std::to_string(static_cast<int>(status));
  return request;
}

}  // namespace connector::report
