// --help tells everything: README and the manual page are compared with it.
#include "adapters/config/told_by_help.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/command_line.hh"
#include "core/error.hh"
#include "core/exit_status.hh"
#include "support/pattern.hh"

namespace connector {
namespace {

/// "--=" could be the beginning of every long option, so its refusal names them all.
std::vector<std::string> long_options_taken() {
  std::string program = "buildkite-bitbucket-connector";
  std::string every = "--=";
  std::vector<std::string> names;
  try {
    config::parse_command_line(std::vector<char*>{program.data(), every.data()});
  } catch (const Error& error) {
    for (const auto& match : support::matches_in(error.what(), "--[a-z-]+(?= or |\n)"))
      names.push_back(match.front());
  }
  return names;
}

TEST(ToldByHelp, AreAllOptions) {
  std::vector<std::string> told;
  for (const auto& option : options_in_help()) told.push_back(option.names.back());
  EXPECT_THAT(told, testing::UnorderedElementsAreArray(long_options_taken()));
  EXPECT_FALSE(told.empty());
}

TEST(ToldByHelp, AreTheShortFormsAndTheArguments) {
  const auto options = options_in_help();
  EXPECT_THAT(options, testing::Contains(ToldOption{{"-c", "--config"}, " file"}));
  EXPECT_THAT(options, testing::Contains(ToldOption{{"--check"}, "[=offline]"}));
  EXPECT_THAT(options, testing::Contains(ToldOption{{"-n", "--dry-run"}, ""}));
}

TEST(ToldByHelp, AreAllExitStatuses) {
  std::vector<std::string> told;
  for (const auto& status : statuses_in_help()) told.push_back(status.number + " " + status.name);
  std::vector<std::string> known;
  for (int number = 0; number < 256; ++number) {
    const std::string name(name_of(ExitStatus{number}));
    if (name != "unknown") known.push_back(std::to_string(number) + " " + name);
  }
  EXPECT_EQ(told, known);
}

}  // namespace
}  // namespace connector
