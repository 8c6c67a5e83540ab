// Ways to read an input: as lines, as an answer of a server, as choices.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "http/request.hh"

namespace connector::fuzz {

/// What is between the line ends.
std::vector<std::string_view> lines_of(std::string_view input);

/// "404", a line for each header, an empty line, the body.
http::Response response_of(std::string_view input);

/// Decides by bytes; when they are used up, always for the first choice.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ended() const noexcept { return bytes_.empty(); }
  /// One of 0 to `count` - 1, of at most 256.
  unsigned of(unsigned count) { return byte() % count; }
  bool flag() { return byte() % 2 == 1; }
  /// So many bytes at most.
  std::string_view text(std::size_t size);
  [[nodiscard]] std::string_view rest() const noexcept { return bytes_; }

 private:
  std::uint8_t byte();

  std::string_view bytes_;
};

}  // namespace connector::fuzz
