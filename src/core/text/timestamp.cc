#include "core/text/timestamp.hh"

#include <array>

namespace connector {
namespace {

using std::chrono::day;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

/// Reads a text from the left; every step says whether what it expected was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  bool literal(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  bool one_of(std::string_view letters, char& found) {
    if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) return false;
    found = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `digits` decimal digits.
  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  /// At least one digit; all are read, the first three count.
  bool fraction(milliseconds& value) {
    int thousandths = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits < 3) thousandths = thousandths * 10 + (rest_[digits] - '0');
    }
    if (digits == 0) return false;
    for (std::size_t i = digits; i < 3; ++i) thousandths *= 10;
    rest_.remove_prefix(digits);
    value = milliseconds{thousandths};
    return true;
  }

  bool month_name(int& value) {
    constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!literal(names.at(i))) continue;
      value = static_cast<int>(i) + 1;
      return true;
    }
    return false;
  }

 private:
  std::string_view rest_;
};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<Timestamp> assemble(const Fields& f) {
  const year_month_day date{year{f.year}, month{static_cast<unsigned>(f.month)},
                            day{static_cast<unsigned>(f.day)}};
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  const int second = f.second == 60 ? 59 : f.second;  // sys_time has no leap seconds
  return Timestamp{sys_days{date}} + hours{f.hour} + minutes{f.minute} + seconds{second};
}

/// By its offset a time may lie in a year before 0 or after 9999, in which it could not be written.
bool has_four_digit_year(Timestamp time) {
  return time >= sys_days{year{0} / 1 / 1} && time < sys_days{year{10'000} / 1 / 1};
}

bool read_date(Reader& in, Fields& f) {
  return in.number(4, f.year) && in.literal("-") && in.number(2, f.month) && in.literal("-") &&
         in.number(2, f.day);
}

bool read_time(Reader& in, Fields& f) {
  return in.number(2, f.hour) && in.literal(":") && in.number(2, f.minute) && in.literal(":") &&
         in.number(2, f.second);
}

/// "Z", " UTC", "+02:00" or "+0200"; the offset is what has to be subtracted.
bool read_zone(Reader& in, minutes& offset) {
  if (in.literal("Z") || in.literal("z") || in.literal(" UTC")) return true;
  char sign = '+';
  int zone_hours = 0;
  int zone_minutes = 0;
  if (!in.one_of("+-", sign) || !in.number(2, zone_hours)) return false;
  in.literal(":");
  if (!in.number(2, zone_minutes) || zone_hours > 23 || zone_minutes > 59) return false;
  offset = hours{zone_hours} + minutes{zone_minutes};
  if (sign == '-') offset = -offset;
  return true;
}

/// The number in at least so many digits.
template <typename Number>
void append_digits(std::string& out, Number number, std::size_t digits) {
  const std::string text = std::to_string(static_cast<long long>(number));
  out.append(text.size() < digits ? digits - text.size() : 0, '0').append(text);
}

std::string format(Timestamp time, bool with_milliseconds) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  std::string text;
  text.reserve(std::string_view("2026-11-24T09:10:11.123Z").size());
  append_digits(text, static_cast<int>(date.year()), 4);
  append_digits(text += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(text += '-', static_cast<unsigned>(date.day()), 2);
  append_digits(text += 'T', clock.hours().count(), 2);
  append_digits(text += ':', clock.minutes().count(), 2);
  append_digits(text += ':', clock.seconds().count(), 2);
  if (with_milliseconds) append_digits(text += '.', clock.subseconds().count(), 3);
  return text += 'Z';
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader in(text);
  Fields fields;
  milliseconds fraction{0};
  minutes offset{0};
  char separator = 'T';
  if (!read_date(in, fields) || !in.one_of("Tt ", separator) || !read_time(in, fields)) return std::nullopt;
  if (in.literal(".") && !in.fraction(fraction)) return std::nullopt;
  if (!read_zone(in, offset) || !in.done()) return std::nullopt;
  const auto local = assemble(fields);
  if (!local) return std::nullopt;
  const Timestamp time = *local + fraction - offset;
  return has_four_digit_year(time) ? std::optional(time) : std::nullopt;
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma != 3) return std::nullopt;  // the weekday says nothing new
  Reader in(text.substr(comma + 2));
  Fields fields;
  const bool read = in.number(2, fields.day) && in.literal(" ") && in.month_name(fields.month) &&
                    in.literal(" ") && in.number(4, fields.year) && in.literal(" ") &&
                    read_time(in, fields) && in.literal(" GMT") && in.done();
  return read ? assemble(fields) : std::nullopt;
}

bool is_conceivable(Timestamp time) {
  return time >= sys_days{year{2013} / 1 / 1} && time < sys_days{year{3000} / 1 / 1};
}

std::string format_timestamp(Timestamp time) {
  return format(time, true);
}

std::string format_seconds(Timestamp time) {
  return format(std::chrono::floor<seconds>(time), false);
}

}  // namespace connector
