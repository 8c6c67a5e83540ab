#include "fuzz/input.hh"

#include <algorithm>
#include <charconv>
#include <string>

namespace connector::fuzz {
namespace {

/// Up to a line end, which is dropped.
std::string_view take_line(std::string_view& input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const auto line = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view input) {
  std::vector<std::string_view> lines;
  while (!input.empty()) lines.push_back(take_line(input));
  return lines;
}

http::Response response_of(std::string_view input) {
  http::Response response{.place = "host.example.com /rest/api/latest/projects/WEB/repos/web"};
  const auto status = take_line(input).substr(0, 3);
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  while (!input.empty()) {
    const auto line = take_line(input);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    response.headers.set(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  response.body = input;
  return response;
}

std::string_view Choices::text(std::size_t size) {
  const auto text = bytes_.substr(0, size);
  bytes_.remove_prefix(text.size());
  return text;
}

std::uint8_t Choices::byte() {
  if (bytes_.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(bytes_.front());
  bytes_.remove_prefix(1);
  return byte;
}

}  // namespace connector::fuzz
