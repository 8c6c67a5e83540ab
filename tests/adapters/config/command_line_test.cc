// The command line: what it takes, and what it says about what it does not take.
#include "config/command_line.hh"

#include <gtest/gtest.h>

#include <vector>

#include "core/error.hh"

namespace connector::config {
namespace {

using Words = std::vector<std::string>;

Options parse(Words words) {
  words.insert(words.begin(), "buildkite-bitbucket-connector");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return parse_command_line(arguments);
}

TEST(CommandLine, AsksForAPassWithoutOptions) {
  const Options options = parse({});
  EXPECT_EQ(options.action, Action::pass);
  EXPECT_FALSE(options.config.has_value());
  EXPECT_EQ(options.verbose, 0U);
  EXPECT_FALSE(options.quiet);
}

TEST(CommandLine, TakesEveryOptionInItsForms) {
  EXPECT_EQ(parse({"-c", "a.toml"}).config, "a.toml");
  EXPECT_EQ(parse({"-ca.toml"}).config, "a.toml");
  EXPECT_EQ(parse({"--config", "a.toml"}).config, "a.toml");
  EXPECT_EQ(parse({"--config=a.toml"}).config, "a.toml");
  EXPECT_EQ(parse({"--state", "none"}).state, "none");
  EXPECT_EQ(parse({"--deadline=5m"}).deadline, "5m");
  EXPECT_EQ(parse({"--log-level", "DEBUG"}).log_level, "DEBUG");
  EXPECT_EQ(parse({"--log-format", "json"}).log_format, "json");
  EXPECT_EQ(parse({"-vv", "--verbose"}).verbose, 3U);
  EXPECT_TRUE(parse({"--reset-state"}).reset_state);
  EXPECT_FALSE(parse({}).reset_state);
  EXPECT_TRUE(parse({"-q"}).quiet);
  EXPECT_TRUE(parse({"--quiet"}).quiet);
  EXPECT_TRUE(parse({"--no-color"}).no_color);
  EXPECT_FALSE(parse({}).no_color);
  EXPECT_EQ(parse({"--print-config"}).action, Action::print_config);
  EXPECT_EQ(parse({"--help"}).action, Action::help);
  EXPECT_EQ(parse({"-V", "--nonsense"}).action, Action::version);
  EXPECT_EQ(parse({"--print"}).action, Action::print_config) << "an unambiguous beginning is enough";
}

struct BadLine {
  Words words;
  std::string message;
};

const BadLine bad_lines[] = {
    {{"--confg", "x"}, "unknown option '--confg'; did you mean '--config'?"},
    {{"--sate=secret"}, "unknown option '--sate'; did you mean '--state'?"},
    {{"--frobnicate"}, "unknown option '--frobnicate'"},
    {{"-x"}, "unknown option '-x'"},
    {{"-vx"}, "unknown option '-x'"},
    {{"--log"}, "option '--log' is ambiguous: --log-level or --log-format"},
    {{"--ver"}, "option '--ver' is ambiguous: --verbose or --version"},
    {{"--config"}, "option '--config' needs a value"},
    {{"-c"}, "option '-c' needs a value"},
    {{"--state="}, "option '--state' needs a value"},
    {{"-c", ""}, "option '--config' needs a value"},
    {{"--quiet=yes"}, "option '--quiet' takes no value"},
    {{"config.toml"},
     "unexpected argument 'config.toml'; all settings are options, variables or keys of the "
     "configuration file"},
    {{"--", "-v"},
     "unexpected argument '-v'; all settings are options, variables or keys of the configuration file"},
    {{"-v", "-q"}, "--verbose and --quiet exclude each other"},
    {{"--\x1b[31m"}, "unknown option '--\\u{1b}[31m'"},
};

TEST(CommandLine, SaysWhatIsWrongAndWhatMayBeMeant) {
  for (const BadLine& line : bad_lines) {
    try {
      parse(line.words);
      ADD_FAILURE() << "taken: " << line.words.front();
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::usage);
      EXPECT_EQ(error.what(), line.message + "\nTry --help for all options.");
    }
  }
}

TEST(Help, BeginsWithAnExampleAndEndsWithTheExitStatuses) {
  const std::string text = help_text();
  EXPECT_LT(text.find("Example:"), text.find("--config FILE"));
  EXPECT_LT(text.find("--config FILE"), text.find("Exit statuses:"));
  for (const char* line :
       {"    0  ok ", "   64  usage ", "   75  tempfail ", "   78  config ", "  143  TERM "}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Help, NamesEveryOption) {
  const std::string text = help_text();
  for (const char* option :
       {"-c, --config", "--state", "--deadline", "--reset-state", "--print-config", "-v, --verbose",
        "-q, --quiet", "--log-level", "--log-format", "--no-color", "-h, --help", "-V, --version"}) {
    EXPECT_NE(text.find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace connector::config
