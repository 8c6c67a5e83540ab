#include "support/fake_message.hh"

#include <array>
#include <charconv>
#include <cstdint>

#include "core/text/json_text.hh"

namespace connector::support {

namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        decoded += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
  }
  return decoded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string two_digits(std::int64_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

std::string FakeRequest::header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string() : found->second;
}

std::optional<std::string> Target::find(std::string_view name) const {
  for (const auto& [parameter, value] : query) {
    if (parameter == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Target::all(std::string_view name) const {
  const std::string listed = std::string(name) + "[]";
  std::vector<std::string> values;
  for (const auto& [parameter, value] : query) {
    if (parameter == name || parameter == listed) values.push_back(value);
  }
  return values;
}

unsigned Target::number(std::string_view name, unsigned otherwise) const {
  const std::string text = find(name).value_or("");
  unsigned value = otherwise;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

Target parse_target(std::string_view text) {
  Target target;
  const std::size_t question = text.find('?');
  for (const std::string_view segment : split(text.substr(0, question), '/')) {
    if (!segment.empty()) target.path.push_back(percent_decode(segment, false));
  }
  if (question == std::string_view::npos) return target;
  for (const std::string_view pair : split(text.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    target.query.emplace_back(percent_decode(pair.substr(0, equals), true), percent_decode(value, true));
  }
  return target;
}

FakeAnswer json_answer(int status, std::string body) {
  FakeAnswer answer;
  answer.status = status;
  answer.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  answer.body = std::move(body);
  return answer;
}

FakeAnswer message_answer(int status, std::string_view message) {
  std::string body;
  JsonWriter(body).begin_object().key("message").value(message).end_object();
  return json_answer(status, std::move(body));
}

FakeAnswer html_answer(int status, std::string_view title) {
  FakeAnswer answer;
  answer.status = status;
  answer.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  answer.body = "<!doctype html>\n<html><head><title>" + std::string(title) + "</title></head><body><h1>" +
                std::string(title) + "</h1></body></html>\n";
  return answer;
}

std::string http_date(Timestamp time) {
  constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day day{midnight};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - midnight)};
  return std::string(weekdays.at(std::chrono::weekday{midnight}.c_encoding())) + ", " +
         two_digits(unsigned{day.day()}) + ' ' + std::string(months.at(unsigned{day.month()} - 1)) + ' ' +
         std::to_string(int{day.year()}) + ' ' + two_digits(clock.hours().count()) + ':' +
         two_digits(clock.minutes().count()) + ':' + two_digits(clock.seconds().count()) + " GMT";
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= group.size() ? alphabet[bits >> (18 - 6 * i) & 63U] : '=';
  }
  return text;
}

}  // namespace connector::support
