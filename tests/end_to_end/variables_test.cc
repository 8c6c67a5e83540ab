// Where each value comes from: default < file < variable < option, as --print-config tells it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "end_to_end/program.hh"
#include "end_to_end/variable_cases.hh"
#include "support/process.hh"
#include "support/temp_dir.hh"

namespace connector {
namespace {

using support::Given;
using support::VariableCase;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// What is enough for --print-config beside the setting of this key.
support::Environment all_but(const std::string& key) {
  support::Environment enough;
  for (const auto& [name, other] : {std::pair("BUILDKITE_API_TOKEN", "buildkite.token"),
                                    {"BUILDKITE_ORGANIZATION", "buildkite.organization"},
                                    {"BITBUCKET_USERNAME", "bitbucket.username"},
                                    {"BITBUCKET_PASSWORD", "bitbucket.password"}}) {
    if (key != other) enough[name] = "enough";
  }
  if (key != "bitbucket.url") enough["BITBUCKET_URL"] = "https://enough.example.com";
  if (key == "bitbucket.token") {
    enough.erase("BITBUCKET_USERNAME");
    enough.erase("BITBUCKET_PASSWORD");
  }
  if (key.ends_with(".client_key")) {
    enough["BUILDKITE_CLIENT_CERTIFICATE"] = "/enough.pem";
    enough["BITBUCKET_CLIENT_CERTIFICATE"] = "/enough.pem";
  }
  return enough;
}

support::ProcessResult print_config(const support::Environment& environment,
                                    const std::vector<std::string>& options = {}) {
  std::vector<std::string> argv = {support::program_path(), "--print-config"};
  argv.insert(argv.end(), options.begin(), options.end());
  return support::run_process(argv, environment);
}

struct EachVariable : testing::TestWithParam<VariableCase> {
  EachVariable() { environment = all_but(GetParam().key); }

  void give_file() {
    environment["CONNECTOR_CONFIG"] = directory.file("config.toml");
    support::write_file(directory.file("config.toml"),
                        '\n' + GetParam().key + " = " + GetParam().file_value.value + '\n');
  }
  void give_variable() { environment[GetParam().variable] = GetParam().variable_value.value; }

  /// The line of --print-config for the setting; the reason when there is none.
  std::string printed(const std::vector<std::string>& options = {}) {
    const auto result = print_config(environment, options);
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(GetParam().key + " = ") || line.starts_with("# " + GetParam().key + " is not set"))
        return line;
    }
    return "exit status " + std::to_string(result.exit_status) + ": " + result.err;
  }

  static auto shows(const Given& value, const std::string& origin) {
    return AllOf(StartsWith(GetParam().key + " = " + value.shown + ' '), EndsWith("  # " + origin));
  }

  support::Environment environment;
  support::TempDir directory;
};

TEST_P(EachVariable, IsNeededOrHasADefault) {
  EXPECT_THAT(printed(), testing::AnyOf(EndsWith("  # default"), HasSubstr(" is not set: "),
                                        StartsWith("exit status 78")));
}

TEST_P(EachVariable, WinsOverTheFileAndLosesToTheOption) {
  give_file();
  const std::string place = directory.file("config.toml") + ":2:";
  EXPECT_THAT(printed(), AllOf(StartsWith(GetParam().key + " = " + GetParam().file_value.shown),
                               HasSubstr("  # " + place)));
  give_variable();
  EXPECT_THAT(printed(), shows(GetParam().variable_value, "environment variable " + GetParam().variable));
  if (GetParam().option.empty()) return;
  EXPECT_THAT(printed({GetParam().option, GetParam().option_value.value}),
              shows(GetParam().option_value, "option " + GetParam().option));
}

TEST_P(EachVariable, ThatIsEmptyCountsAsUnset) {
  give_file();
  environment[GetParam().variable] = "";
  EXPECT_THAT(printed(), HasSubstr("config.toml:2:"));
}

INSTANTIATE_TEST_SUITE_P(All, EachVariable, testing::ValuesIn(support::variable_cases()),
                         [](const auto& row) { return row.param.variable; });

/// The names of one setting, in the order in which they count.
TEST(Variables, OfOneSettingCountInTheirOrder) {
  const auto cases = support::variable_cases();
  for (std::size_t i = 0; i + 1 < cases.size(); ++i) {
    if (cases[i].key != cases[i + 1].key) continue;
    support::Environment environment = all_but(cases[i].key);
    environment[cases[i].variable] = cases[i].variable_value.value;
    environment[cases[i + 1].variable] = cases[i + 1].variable_value.value;
    EXPECT_THAT(print_config(environment).out,
                HasSubstr("  # environment variable " + cases[i].variable + '\n'));
  }
}

}  // namespace
}  // namespace connector
