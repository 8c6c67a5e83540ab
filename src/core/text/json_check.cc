#include "core/text/json_check.hh"

#include <algorithm>
#include <cstddef>

namespace connector {
namespace {

constexpr unsigned deepest = 500;
constexpr std::string_view digits = "0123456789";

/// Reads from the left; every step says whether what it expected was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool document() { return value(0) && done(); }

 private:
  bool value(unsigned depth);
  bool object(unsigned depth);
  bool array(unsigned depth);
  bool string();
  bool escape();
  bool number();

  bool literal(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// The same behind blanks.
  bool token(std::string_view expected) {
    skip_blanks();
    return literal(expected);
  }
  /// At least one of the characters.
  bool some_of(std::string_view characters) {
    const std::size_t count = std::min(rest_.find_first_not_of(characters), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }
  void skip_blanks() { some_of(" \t\r\n"); }
  bool done() {
    skip_blanks();
    return rest_.empty();
  }

  std::string_view rest_;
};

bool Reader::value(unsigned depth) {
  skip_blanks();
  if (rest_.empty()) return false;
  switch (rest_.front()) {
    case '{':
      return depth < deepest && object(depth + 1);
    case '[':
      return depth < deepest && array(depth + 1);
    case '"':
      return string();
    default:
      return literal("true") || literal("false") || literal("null") || number();
  }
}

bool Reader::object(unsigned depth) {
  literal("{");
  if (token("}")) return true;
  do {
    skip_blanks();
    if (!string() || !token(":") || !value(depth)) return false;
  } while (token(","));
  return token("}");
}

bool Reader::array(unsigned depth) {
  literal("[");
  if (token("]")) return true;
  do {
    if (!value(depth)) return false;
  } while (token(","));
  return token("]");
}

bool Reader::string() {
  if (!literal("\"")) return false;
  while (!rest_.empty()) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    if (byte == '\\') {
      if (!escape()) return false;
      continue;
    }
    rest_.remove_prefix(1);
    if (byte == '"') return true;
    if (byte < 0x20) return false;
  }
  return false;
}

bool Reader::escape() {
  constexpr std::size_t short_form = 2;
  constexpr std::size_t long_form = 6;  // \u0041
  const std::size_t length = rest_.substr(1, 1) == "u" ? long_form : short_form;
  if (rest_.size() < length) return false;
  const std::string_view said = rest_.substr(1, length - 1);
  rest_.remove_prefix(length);
  if (length == short_form)
    return std::string_view("\"\\/bfnrt").find(said.front()) != std::string_view::npos;
  return said.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

bool Reader::number() {
  literal("-");
  if (!literal("0") && !some_of(digits)) return false;
  if (literal(".") && !some_of(digits)) return false;
  if (literal("e") || literal("E")) {
    if (!literal("+")) literal("-");
    return some_of(digits);
  }
  return true;
}

}  // namespace

bool is_json(std::string_view text) {
  return Reader(text).document();
}

}  // namespace connector
