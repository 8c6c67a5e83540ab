// Writing JSON: the one place that escapes (simdjson only reads).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace connector {

/// Appends JSON to a string, inserting commas itself. The caller keeps objects, arrays and keys in balance.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  /// Text of any bytes: what is not valid UTF-8 is written as U+FFFD.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& value(bool flag);
  JsonWriter& null();
  /// A line end before the next element; files that people open are broken into lines this way.
  JsonWriter& line();

 private:
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace connector
