#include "report/log.hh"

#include <array>
#include <vector>

#include "core/text/json_text.hh"
#include "core/text/text.hh"

namespace connector::report {
namespace {

using config::LogLevel;

constexpr std::size_t longest_message = 4000;

/// How a level is told: by its word, by the colour of that, by the number that sd-daemon(3) gives it.
struct Marks {
  std::string_view word;
  std::string_view colour;
  std::string_view priority;
};

const Marks& marks_of(LogLevel level) {
  static constexpr std::array<Marks, 4> marks = {{
      {"error", "\x1b[31m", "<3>"},  // red
      {"warn", "\x1b[33m", "<4>"},   // yellow
      {"info", "\x1b[32m", "<6>"},   // green
      {"debug", "\x1b[2m", "<7>"},   // faint
  }};
  return marks.at(static_cast<std::size_t>(level));
}

std::string coloured_word_of(LogLevel level) {
  return std::string(marks_of(level).colour).append(marks_of(level).word).append("\x1b[0m");
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

std::string text_line(std::string_view level_word, std::string_view message,
                      const std::vector<Field>& fields) {
  std::string line = "level=";
  line.append(level_word).append(" msg=").append(quoted(printable(message, longest_message)));
  for (const Field& field : fields)
    line.append(" ").append(field.name).append("=").append(logfmt_value(field.value));
  return line;
}

std::string json_line(LogLevel level, std::string_view message, const std::vector<Field>& fields) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("level").value(marks_of(level).word);
  json.key("msg").value(printable(message, longest_message));
  for (const Field& field : fields) json.key(field.name).value(printable(field.value));
  json.end_object();
  return line;
}

}  // namespace

std::string_view priority_of(LogLevel level) {
  return marks_of(level).priority;
}

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
  // Before anything is cut: half a secret is no longer found.
  const std::string shown = mask_.hide(message);
  std::vector<Field> shown_fields;
  for (const Field& field : fields) shown_fields.push_back({field.name, mask_.hide(field.value)});
  std::string line(look_.priorities ? priority_of(level) : "");
  if (settings_.format == config::LogFormat::json) {
    line += json_line(level, shown, shown_fields);
  } else {
    line += text_line(look_.colours ? coloured_word_of(level) : std::string(marks_of(level).word), shown,
                      shown_fields);
  }
  sink_(line + "\n");
}

}  // namespace connector::report
