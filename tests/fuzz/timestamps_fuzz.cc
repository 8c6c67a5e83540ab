// Times: what is read can be written, and read again as the same; the state file depends on it.
#include <chrono>

#include "core/listing/look_back.hh"
#include "core/text/timestamp.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

void expect_round_trip(Timestamp time) {
  const std::string text = format_timestamp(time);
  expect(text.size() == std::string_view("2026-01-31T23:59:59.123Z").size(), "a year has four digits", text);
  expect(parse_timestamp(text) == time, "a time can be written and read again", text);
  const std::string seconds = format_seconds(time);
  expect(parse_timestamp(seconds) == std::chrono::floor<std::chrono::seconds>(time),
         "its second can be written and read again", seconds);
}

const Target timestamps("timestamps", [](std::string_view input) {
  if (const auto time = parse_timestamp(input)) expect_round_trip(*time);
  if (const auto time = parse_http_date(input)) expect_round_trip(*time);
  if (const auto back = parse_look_back(input); back && !back->at)
    expect(back->over.count() >= 0, "no duration is negative", input);
});

}  // namespace
}  // namespace connector::fuzz
