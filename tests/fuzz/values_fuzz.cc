// Single values of settings: what is taken can be shown and taken again, and a login is never shown.
#include <chrono>
#include <string>
#include <variant>

#include "config/base_url.hh"
#include "core/build/shard.hh"
#include "core/peer/server_version.hh"
#include "core/text/duration.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

void expect_duration(std::string_view input) {
  const auto duration = parse_duration(input, std::chrono::seconds{1});
  if (!duration) return;
  constexpr std::chrono::hours ten_years{24 * 3660};
  expect(duration->count() >= 0 && *duration <= ten_years, "a duration is within its bounds", input);
  const std::string text = format_duration(*duration);
  expect(parse_duration(text, std::chrono::seconds{1}) == duration, "it can be written and read again", text);
  expect_line(duration_in_words(*duration), "a duration in words");
}

void expect_base_url(std::string_view input) {
  const auto read = config::parse_base_url(input);
  if (const auto* wrong = std::get_if<std::string>(&read))
    return expect_line(*wrong, "what is wrong with a URL");
  const std::string text = config::to_text(std::get<config::BaseUrl>(read));
  expect_line(text, "a URL");
  expect(text.find_first_of(" @?#") == std::string::npos, "it has neither login, query nor fragment", text);
  const auto again = config::parse_base_url(text);
  expect(std::holds_alternative<config::BaseUrl>(again), "a URL that is right stays right", text);
  expect(config::to_text(std::get<config::BaseUrl>(again)) == text, "a URL has one form", text);
}

void expect_proxy(std::string_view input) {
  if (!config::proxy_problem(input).empty()) return;
  const std::string login(config::login_of(input));
  const std::string shown = config::without_login(input);
  expect(config::login_of(shown) == (login.empty() ? "" : "***"), "no login of a proxy is shown", shown);
}

const Target values("values", [](std::string_view input) {
  expect_duration(input);
  expect_base_url(input);
  expect_proxy(input);
  if (const auto shard = parse_shard(input)) {
    expect(shard->number >= 1 && shard->number <= shard->count && shard->count <= most_shards,
           "a shard is one of them", input);
    expect(parse_shard(text_of(*shard)) == shard, "it can be written and read again", input);
  }
  for (unsigned count = 1; count <= 3; ++count) {
    const Shard one = shard_of(input, count);
    expect(one.count == count && has_pipeline(one, input), "a pipeline is in its shard", input);
  }
  static_cast<void>(parse_server_version(input));
});

}  // namespace
}  // namespace connector::fuzz
