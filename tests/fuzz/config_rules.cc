#include "fuzz/config_rules.hh"

#include <optional>

#include "config/load.hh"
#include "config/print.hh"
#include "config/toml_file.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

void expect_told(std::string_view text, std::string_view what) {
  expect(text.find(canary) == std::string_view::npos, std::string(what) + " shows no secret", text);
  expect_lines(text, what);
}

std::optional<config::Config> loaded(const config::Options& options, const config::Environment& environment) {
  try {
    return config::load(options, environment);
  } catch (const config::InvalidConfig& invalid) {
    expect_told(invalid.what(), "what is wrong");
    expect(invalid.status() == ExitStatus::config || invalid.status() == ExitStatus::usage,
           "what is wrong is the configuration");
    return std::nullopt;
  }
}

}  // namespace

std::string with(std::string text, std::string_view part, std::string_view replacement) {
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + replacement.size()))
    text.replace(at, part.size(), replacement);
  return text;
}

void expect_no_secret_told(const config::Options& options, const config::Environment& environment) {
  const auto config = loaded(options, environment);
  if (!config) return;
  for (const std::string& hint : config->hints) expect_told(hint, "a hint");
  const std::string printed = config::print_config(*config);
  expect_told(printed, "what is printed");
  const auto again = config::read_toml(printed, "printed");
  expect(again.problems.empty(), "what is printed is a configuration",
         again.problems.empty() ? "" : again.problems.front().text + "\n" + printed);
}

}  // namespace connector::fuzz
