// The last words of a call, and lines that Buildkite's log must not take for orders.
#include "report/complaint.hh"

#include <gtest/gtest.h>

#include "report/group_heads.hh"

namespace connector::report {
namespace {

TEST(Complaint, NamesTheProgramInTheFirstOfItsLines) {
  EXPECT_EQ(complaint("unknown option '-x'\nTry --help for all options.", {}),
            "buildkite-bitbucket-connector: unknown option '-x'\nTry --help for all options.\n");
}

TEST(Complaint, TellsTheJournalThatEachOfItsLinesIsAnError) {
  EXPECT_EQ(complaint("one\ntwo", {.priorities = true}), "<3>buildkite-bitbucket-connector: one\n<3>two\n");
}

TEST(Complaint, HasNothingThatActsOnATerminalOrALog) {
  EXPECT_EQ(complaint("red \x1b[31m, \xc2\x9b, \r, \a and \xff\n--- group", {}),
            "buildkite-bitbucket-connector: red \\u{1b}[31m, \\u{9b}, \\r, \\u{7} and \xEF\xBF\xBD\n"
            " --- group\n");
}

TEST(Complaint, LeavesAloneWhatIsPrintableAlready) {
  EXPECT_EQ(complaint("'\\u{1b}[31m\\n', C:\\", {}),
            "buildkite-bitbucket-connector: '\\u{1b}[31m\\n', C:\\\n");
}

TEST(GroupHeads, AreMovedAwayFromTheStartOfTheirLines) {
  EXPECT_EQ(without_group_heads("--- a\n+++ b\n~~~ c\n^^^ +++\n---\n"),
            " --- a\n +++ b\n ~~~ c\n ^^^ +++\n ---\n");
}

TEST(GroupHeads, AreNothingElse) {
  for (const char* text :
       {"", "\n", "\n\n", "-- a", "a --- b", " --- c\n", "level=info msg=\"---\"\nno end"}) {
    EXPECT_EQ(without_group_heads(text), text);
  }
}

}  // namespace
}  // namespace connector::report
