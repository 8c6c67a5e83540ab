#include "core/text/json_text.hh"

#include <algorithm>

#include "core/text/text.hh"

namespace connector {
namespace {

void append_escape(std::string& out, char16_t code) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (code == u'\n') {
    out += "\\n";
    return;
  }
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[(code >> shift) & 0xFU];
}

bool may_need_escape(char c) {
  return c < 0x20 || c >= 0x7F || c == '"' || c == '\\';  // beyond ASCII c is negative or large
}

/// JSON asks only for escapes of what is below U+0020; a terminal that shows the text obeys more.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto plain = std::find_if(text.begin(), text.end(), may_need_escape) - text.begin();
    out += text.substr(0, static_cast<std::size_t>(plain));
    text.remove_prefix(static_cast<std::size_t>(plain));
    if (text.empty()) return;
    const auto hidden = hidden_character(text);
    if (hidden) {
      append_escape(out, hidden->code);
    } else {
      if (text.front() == '"' || text.front() == '\\') out += '\\';
      out += text.front();
    }
    text.remove_prefix(hidden ? hidden->bytes : 1);
  }
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  value(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  if (is_ascii(text)) {
    append_escaped(out_, text);
  } else {
    append_escaped(out_, valid_utf8(text));
  }
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  separate();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  separate();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::line() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = false;
  out_ += '\n';
  return *this;
}

}  // namespace connector
