// The line of the configuration file that is printed beneath a problem: where it is, that it fits a screen,
// and that it never shows a secret.
#include <gtest/gtest.h>

#include "config/file_problem.hh"

namespace connector::config {
namespace {

std::string of_line(const std::string& line, unsigned column, Shown shown = Shown::line) {
  return excerpt(line + "\n", {{1, column}, "", shown});
}

TEST(Excerpt, IsTheLineWithACaretBeneath) {
  const std::string file = "# first\r\n[sync]\r\n  overlap = \"soon\"\r\ndeadline = 0";
  EXPECT_EQ(excerpt(file, {{3, 13}, "", Shown::line}),
            "\n      overlap = \"soon\""
            "\n                ^");
  EXPECT_EQ(excerpt(file, {{4, 12}, "", Shown::line}),
            "\n    deadline = 0"
            "\n               ^");
  EXPECT_EQ(excerpt(file, {{5, 1}, "", Shown::line}), "");
  EXPECT_EQ(excerpt(file, {{0, 0}, "", Shown::line}), "");
}

TEST(Excerpt, PutsTheCaretUnderTheCharacterInEveryScript) {
  EXPECT_EQ(of_line("\xEF\xBB\xBF"
                    "log.level = 5",
                    13),
            "\n    log.level = 5"
            "\n                ^");
  EXPECT_EQ(of_line("name = \"\xC3\xA4\xE2\x82\xAC\" x", 13),
            "\n    name = \"\xC3\xA4\xE2\x82\xAC\" x"
            "\n                ^");
  EXPECT_EQ(of_line("name = \"\xFF\"", 9),
            "\n    name = \"\xEF\xBF\xBD\""
            "\n            ^")
      << "bytes that are no text";
}

TEST(Excerpt, EscapesWhatWouldActOnATerminal) {
  EXPECT_EQ(of_line("\tname =\t\"a\x1b[31m\\d\xE2\x80\xAE\" x", 21),
            "\n     name = \"a\\u{1b}[31m\\d\\u{202e}\" x"
            "\n                                    ^");
}

TEST(Excerpt, FitsAScreenAndKeepsTheCaretInIt) {
  const std::string eighty(80, 'x');
  EXPECT_EQ(of_line("name = \"" + eighty + eighty + "\"", 8),
            "\n    name = \"" + std::string(66, 'x') + "\xE2\x80\xA6" + "\n           ^");
  EXPECT_EQ(of_line("name = \"" + eighty + "END\" y", 94),
            "\n    \xE2\x80\xA6" + std::string(45, 'x') + "END\" y" + "\n" + std::string(55, ' ') + "^");
  const std::string fits = "name = \"" + std::string(67, 'x') + "\"";
  EXPECT_EQ(of_line(fits, 8), "\n    " + fits + "\n           ^");
}

TEST(Excerpt, LeavesTheCommentOut) {
  EXPECT_EQ(of_line("level = 5 # the old one was canary", 9), "\n    level = 5\n            ^");
  EXPECT_EQ(of_line("name = \"a #1 \\\" #2\" 'b' #3", 8), "\n    name = \"a #1 \\\" #2\" 'b'\n           ^");
  EXPECT_EQ(of_line("name = 'a\\' # b", 8), "\n    name = 'a\\'\n           ^");
}

TEST(Excerpt, EndsWithTheKeyWhereNobodyKnowsWhatTheValueIs) {
  EXPECT_EQ(of_line("buildkite.tokn = \"canary\"", 11, Shown::key),
            "\n    buildkite.tokn = ..."
            "\n              ^");
  EXPECT_EQ(of_line("buildkite = { tokn = \"canary\" }", 15, Shown::key), "");
  EXPECT_EQ(of_line("canary", 1, Shown::key), "");
  EXPECT_EQ(of_line("[\"canary\",", 1, Shown::key), "") << "no table, but more of a list";
  EXPECT_EQ(of_line("[buildkite]tokn = \"canary\"", 12, Shown::key),
            "\n    [buildkite]tokn = ..."
            "\n               ^");
  EXPECT_EQ(of_line("[bitbuckett]", 2, Shown::key), "\n    [bitbuckett]\n     ^");
}

TEST(Excerpt, IsLeftOutWhereTheLineMayHoldASecret) {
  for (const std::string line :
       {"token = \"canary\"", "password = canary", "TOKEN = canary", "token_file = canary",
        "dms_snitch_id = canary", "buildkite.token = canary", "passwd = canary", "secret = canary",
        "proxy = \"http://canary\"", "buildkite = { token = \"canary\", connections = \"8\" }",
        "buildkite = { tokn = \"canary\", connections = \"8\" }", "url = \"https://x:canary@git\"",
        "url = \"canary@git\"", "url = \"https://git?t=canary\"", "url = \"https://git/#canary\"",
        "ca_file = \"https://git/?t=canary\"", "branches = [{ tokn = \"canary\" }]",
        "level = 5 pw = canary"}) {
    EXPECT_EQ(of_line(line, 1), "") << line;
    EXPECT_EQ(of_line(line, 1, Shown::nothing), "") << line;
  }
  for (const std::string quotes : {"\"\"\"", "'''"}) {
    const std::string file = "token = " + quotes + "\nlevel = canary\n" + quotes + "\n";
    EXPECT_EQ(excerpt(file, {{1, 1}, "", Shown::line}), "");
    EXPECT_EQ(excerpt(file, {{2, 1}, "", Shown::line}), "") << "within the text that begins above";
    EXPECT_EQ(excerpt("token = ''\nlevel = canary\n" + quotes, {{2, 1}, "", Shown::line}), "");
  }
}

TEST(FileProblems, ComeInTheOrderOfTheFile) {
  EXPECT_EQ(messages("a = 1\nb = 2\n", {{{2, 5}, "third", Shown::nothing},
                                        {{1, 9}, "second", Shown::nothing},
                                        {{1, 2}, "first", Shown::line}}),
            (std::vector<std::string>{"first\n    a = 1\n     ^", "second", "third"}));
}

}  // namespace
}  // namespace connector::config
