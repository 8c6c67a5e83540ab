#include "report/heartbeat.hh"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/text/duration.hh"
#include "core/text/text.hh"

namespace connector::report {
namespace {

bool is_told(ExitStatus status) {
  return status != ExitStatus::temp_fail && status != ExitStatus::interrupted &&
         status != ExitStatus::terminated;
}

std::string number_of(ExitStatus status) {
  return std::to_string(static_cast<int>(status));
}

std::string short_text(const PassRecord& pass) {
  std::string text(name_of(pass.status));
  if (pass.figures) {
    text += ", " + std::to_string(pass.figures->posted) + " statuses posted, " +
            std::to_string(pass.figures->outbox) + " waiting";
  }
  return pass.reason.empty() ? text : text + ", " + pass.reason;
}

/// A line for each thing that is known. Nothing in it comes from a build.
std::string summary(const PassRecord& pass) {
  std::string text =
      "exit status: " + number_of(pass.status) + " (" + std::string(name_of(pass.status)) + ")\n";
  if (!pass.reason.empty()) text += "reason: " + pass.reason + "\n";
  text += "seconds: " + seconds_text(pass.duration) + "\n";
  if (!pass.figures) return text;
  const PassFigures& figures = *pass.figures;
  const std::array<std::pair<std::string_view, std::uint64_t>, 10> rows = {{
      {"builds", figures.builds},
      {"builds filtered out", figures.filtered_out},
      {"builds of other repositories", figures.other_repository},
      {"builds without a commit", figures.unreportable},
      {"builds unreadable", figures.unreadable},
      {"statuses posted", figures.posted},
      {"statuses refused", figures.refused},
      {"statuses given up", figures.given_up},
      {"statuses waiting", figures.outbox},
      {"builds open", figures.open_builds},
  }};
  for (const auto& [name, count] : rows) text += std::string(name) + ": " + std::to_string(count) + "\n";
  return text;
}

}  // namespace

std::optional<http::Request> snitch_request(const PassRecord& pass) {
  constexpr std::size_t longest_text = 250;
  if (!is_told(pass.status)) return std::nullopt;
  http::Request request;
  request.peer = http::PeerId::snitch;
  request.target = "?m=" + percent_encode(utf16_prefix(short_text(pass), longest_text));
  if (!is_success(pass.status)) request.target += "&s=" + number_of(pass.status);
  return request;
}

std::optional<http::Request> ping_request(const PassRecord& pass, const std::string& run_id) {
  if (!is_told(pass.status)) return std::nullopt;
  http::Request request;
  request.peer = http::PeerId::ping;
  request.method = http::Method::post;
  request.target = (is_success(pass.status) ? "" : "/" + number_of(pass.status)) + "?rid=" + run_id;
  request.body = summary(pass);
  return request;
}

http::Request ping_start_request(const std::string& run_id) {
  http::Request request;
  request.peer = http::PeerId::ping;
  request.target = "/start?rid=" + run_id;
  request.awaited = false;
  return request;
}

std::string uuid_of(std::uint64_t high, std::uint64_t low) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::uint64_t version_bits = 0xF000;
  constexpr std::uint64_t version_4 = 0x4000;
  high = (high & ~version_bits) | version_4;
  low = (low & ~(std::uint64_t{3} << 62U)) | std::uint64_t{2} << 62U;
  std::string text;
  for (const std::uint64_t half : {high, low}) {
    for (unsigned shift = 64; shift > 0; shift -= 4) text += digits[half >> (shift - 4) & 0xFU];
  }
  for (const std::size_t position : {20U, 16U, 12U, 8U}) text.insert(position, 1, '-');
  return text;
}

}  // namespace connector::report
