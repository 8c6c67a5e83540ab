#include "report/log.hh"

#include "core/json_text.hh"
#include "core/text.hh"

namespace connector::report {
namespace {

using config::LogLevel;

constexpr std::size_t longest_message = 4000;

std::string_view word_of(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return "error";
    case LogLevel::warn:
      return "warn";
    case LogLevel::info:
      return "info";
    case LogLevel::debug:
      return "debug";
  }
  return "error";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out + '"';
}

/// A logfmt value: quoted only where a reader of the line needs it.
std::string logfmt_value(std::string_view text) {
  const std::string safe = printable(text);
  const bool plain = !safe.empty() && safe.find_first_of(" \"=") == std::string::npos;
  return plain ? safe : quoted(safe);
}

std::string text_line(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line =
      "level=" + std::string(word_of(level)) + " msg=" + quoted(printable(message, longest_message));
  for (const Field& field : fields)
    line.append(" ").append(field.name).append("=").append(logfmt_value(field.value));
  return line + "\n";
}

std::string json_line(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("level").value(word_of(level));
  json.key("msg").value(printable(message, longest_message));
  for (const Field& field : fields) json.key(field.name).value(printable(field.value));
  json.end_object();
  return line + "\n";
}

}  // namespace

void Log::error(std::string_view message, std::initializer_list<Field> fields) const {
  write(LogLevel::error, message, fields);
}
void Log::warn(std::string_view message, std::initializer_list<Field> fields) const {
  write(LogLevel::warn, message, fields);
}
void Log::info(std::string_view message, std::initializer_list<Field> fields) const {
  write(LogLevel::info, message, fields);
}
void Log::debug(std::string_view message, std::initializer_list<Field> fields) const {
  write(LogLevel::debug, message, fields);
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<Field> fields) const {
  if (level > settings_.level) return;
  sink_(settings_.format == config::LogFormat::json ? json_line(level, message, fields)
                                                    : text_line(level, message, fields));
}

}  // namespace connector::report
