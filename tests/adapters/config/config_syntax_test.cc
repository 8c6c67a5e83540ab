// A configuration file that is not TOML: every error of it at once, none that only follows from another, and
// not a word of a secret.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/config/config_fixture.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

/// Where the problems of a file are, and what they begin with: "2:7 the value of 'overlap'".
struct SyntaxCase {
  std::string name;
  std::string file;
  std::vector<std::string> problems;
};

void PrintTo(const SyntaxCase& c, std::ostream* out) {
  *out << printable(c.file);
}

const SyntaxCase syntax_cases[] = {
    {"EachLineOfItsOwn",
     "[sync]\noverlap = soon\ndeadline = 1 2\n[log]\nlevel = \"WARN\nformat = text\n",
     {"2:11: the value of 'overlap' is not valid TOML; expected a whole number or text such as \"15m\"\n",
      "3:14: the value of 'deadline' is not valid TOML: ",
      "5:14: the value of 'level' is not valid TOML; its closing quote is missing\n",
      "6:11: the value of 'format' is not valid TOML; expected text in quotes\n"}},
    {"UnknownKeysBetween",
     "[sync]\noverlap = soon\novrlap = 1\ndeadline = late\n",
     {"2:11: the value of 'overlap'", "3:1: unknown key 'sync.ovrlap'", "4:12: the value of 'deadline'"}},
    {"KeyTwice",
     "[log]\nlevel = \"WARN\"\nlevel = \"INFO\"\nformat = text\n",
     {"3:9: 'level' is set above already; keep one of the two", "4:11: the value of 'format'"}},
    {"SecretTwice",
     "bitbucket.password = \"canary\"\nbitbucket.password = \"canary\"\n",
     {"2:22: 'bitbucket.password' is set above already; keep one of the two"}},
    {"TableTwice",
     "[log]\nlevel = \"WARN\"\n[log]\nformat = text\n[sync]\noverlap = soon\n",
     {"3:1: this table is above already; put its keys there", "6:11: the value of 'overlap'"}},
    {"BrokenTable",
     "[log\nlevel = 5\n[sync]\noverlap = soon\n",
     {"1:5: this is not valid TOML: ", "4:11: the value of 'overlap'"}},
    {"CommaMissingInList",
     "buildkite.branches = [\n  \"main\"\n  \"dev\"\n]\nlog.level = 5\n",
     {"3:3: the list of 'buildkite.branches' is not valid TOML: ", "5:13: log.level: expected text"}},
    {"TwoErrorsInList",
     "buildkite.branches = [\n  main,\n  \"x\",\n  dev,\n]\n",
     {"2:3: the list of 'buildkite.branches' is not valid TOML: ",
      "4:3: the list of 'buildkite.branches' is not valid TOML: "}},
    {"LastLineOfList",
     "buildkite.branches = [\n  \"main\",\n  dev]\nlog.level = 5\n",
     {"3:3: the list of 'buildkite.branches' is not valid TOML: ", "4:13: log.level"}},
    {"ListWithoutEnd",
     "buildkite.branches = [\"main\"\nlog.level = 5\n",
     {"1:22: the list of 'buildkite.branches' has no end: ']' is missing", "2:13: log.level"}},
    {"ListWithoutEndAtTheEnd",
     "log.level = 5\nbuildkite.branches = [\"main\",\n",
     {"1:13: log.level", "2:22: the list of 'buildkite.branches' has no end: ']' is missing"}},
    {"SecretBelowAListWithoutEnd",
     "buildkite.branches = [\"main\"\nbuildkite.token = [\n  \"canary\",\n  canary,\n]\nlog.level = 5\n",
     {"1:22: the list of 'buildkite.branches' has no end: ']' is missing",
      "2:19: buildkite.token: expected text in quotes, found a list\n",
      "4:3: the list of 'buildkite.token' is not valid TOML\n", "6:13: log.level"}},
    {"ListThatNobodyKnows",
     "canaries = [\n  canary,\n]\nlog.level = 5\n",
     {"1:1: unknown key 'canaries'", "2:3: the list is not valid TOML", "4:13: log.level"}},
    {"RestOfAList",
     "buildkite.branches = main, [\n  \"x\",\n]\nlog.level = 5\n",
     {"1:22: the value of 'buildkite.branches' is not valid TOML; expected a list", "4:13: log.level"}},
    {"NoKey", "canary\nlog.level = 5\n", {"1:7: this is not valid TOML here", "2:13: log.level"}},
    {"SecretWithoutQuotes",
     "buildkite.token = canary\nlog.level = 5\n",
     {"1:19: the value of 'buildkite.token' is not valid TOML; expected text in quotes", "2:13: log.level"}},
    {"SecretWithBackslash",
     "bitbucket.password = \"\\canary\"\n",
     {"1:24: the value of 'bitbucket.password' is not valid TOML; \\ within \"...\" begins an escape, "
      "'...' takes it as it is"}},
    {"SecretWithoutClosingQuote",
     "bitbucket.password = \"canary\r\n",
     {"1:29: the value of 'bitbucket.password' is not valid TOML; its closing quote is missing"}},
    {"SecretInTwoLines",
     "buildkite.token = \ncanary=canary\nlog.level = 5\n",
     {"1:19: the value of 'buildkite.token' is not valid TOML; expected text in quotes", "3:13: log.level"}},
    {"SecretInALongText",
     "buildkite.token = \"\"\"\nlevel = canary\\q\n\"\"\"\nlog.level = 5\n",
     {"2:16: this is not valid TOML here"}},
    {"ListInALongText",
     "buildkite.token = \"\"\"\nbranches = [\ncanary\\q\n\"\"\"\n",
     {"3:8: this is not valid TOML here"}},
    {"LongTextWithoutEnd",
     "log.level = 5\nstatus.name = \"\"\"x\nstatus.parent = 1\n",
     {"3:19: this is not valid TOML here; something above has no end"}},
    {"NotText",
     "log.level = \"\xFF\"\nlog.format = 5\n",
     {"1:13: the value of 'log.level'", "2:14: log.format"}},
};

class NoToml : public testing::TestWithParam<SyntaxCase> {};

TEST_P(NoToml, IsToldWithAllItsProblems) {
  ConfigHome home;
  home.write(GetParam().file);
  const std::string text = home.load_error();
  std::string::size_type from = 0;
  for (const std::string& problem : GetParam().problems) {
    const std::string expected = "~/config.toml:" + problem;
    EXPECT_EQ(text.substr(from, expected.size()), expected) << text;
    from = text.find("\n~", from) == std::string::npos ? text.size() : text.find("\n~", from) + 1;
  }
  EXPECT_EQ(text.substr(from), "") << "more than these";
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  EXPECT_EQ(text.find("missing setting"), std::string::npos) << "it may be in what cannot be read: " << text;
}

std::string name_of_case(const testing::TestParamInfo<SyntaxCase>& file) {
  return file.param.name;
}
INSTANTIATE_TEST_SUITE_P(Config, NoToml, testing::ValuesIn(syntax_cases), name_of_case);

TEST(NoToml, ShowsTheLineWhereThatIsSafe) {
  ConfigHome home;
  home.write("[log]\n  level = loud\n");
  const std::string text = home.load_error();
  const std::string line = "\n      level = loud\n              ^";
  EXPECT_TRUE(text.ends_with(line)) << text;
}

TEST(NoToml, IsNotToldForEver) {
  ConfigHome home;
  std::string file;
  for (int i = 0; i < 1000; ++i) file += "nonsense\nlog.level = x\n";
  home.write(file);
  const std::string text = home.load_error();
  EXPECT_EQ(std::count(text.begin(), text.end(), '~'), 20);
}

TEST(BrokenToml, IsShownNowhereWhenTheFileNamesASecret) {
  ConfigHome home;
  home.write("[sync]\noverlap = soon\n[buildkite]\ntoken = \"hunter2\"\n");
  EXPECT_EQ(home.load_error().find('^'), std::string::npos) << home.load_error();
  home.write("[sync]\noverlap = soon\n");
  EXPECT_NE(home.load_error().find('^'), std::string::npos) << home.load_error();
}

}  // namespace
}  // namespace connector::config
