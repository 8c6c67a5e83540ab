// Who gets colours, priorities and progress: people at a terminal, the journal, and nobody by accident.
#include "report/look.hh"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace connector::report {
namespace {

/// At a terminal, by default, unless something is said otherwise.
struct Situation {
  Stream stream = {.is_terminal = true, .identity = "24:3"};
  config::Environment environment = {{"TERM", "xterm-256color"}};
  config::Log log;
  config::Options options;

  Situation& with(const std::string& variable, const std::string& value) {
    environment[variable] = value;
    return *this;
  }
  [[nodiscard]] Look look() const { return look_of(stream, environment, log, options); }
};

TEST(Look, HasColoursAndProgressOnATerminal) {
  const Look look = Situation().look();
  EXPECT_TRUE(look.colours);
  EXPECT_TRUE(look.progress);
  EXPECT_FALSE(look.priorities);
}

TEST(Look, IsPlainWhereNoTerminalIs) {
  Situation situation;
  situation.stream.is_terminal = false;
  EXPECT_FALSE(situation.look().colours);
  EXPECT_FALSE(situation.look().progress);
}

TEST(Look, IsPlainOnTerminalsThatKnowNoEscapeSequences) {
  for (const char* kind : {"dumb", ""}) {
    const Look look = Situation().with("TERM", kind).look();
    EXPECT_FALSE(look.colours) << kind;
    EXPECT_FALSE(look.progress) << kind;
  }
}

TEST(Look, HasNoColoursForThoseWhoWantNone) {
  EXPECT_FALSE(Situation().with("NO_COLOR", "1").look().colours);
  EXPECT_TRUE(Situation().with("NO_COLOR", "").look().colours) << "as no-color.org has it";
  Situation by_option;
  by_option.options.no_color = true;
  EXPECT_FALSE(by_option.look().colours);
  EXPECT_TRUE(by_option.look().progress) << "which is not coloured";
}

TEST(Look, IsPlainForReadersOfJson) {
  Situation situation;
  situation.log.format = config::LogFormat::json;
  EXPECT_FALSE(situation.look().colours);
  EXPECT_FALSE(situation.look().progress);
}

TEST(Look, HasNoProgressInJobsAndForThoseWhoWantQuiet) {
  EXPECT_FALSE(Situation().with("CI", "true").look().progress);
  EXPECT_FALSE(Situation().with("BUILDKITE", "true").look().progress);
  EXPECT_TRUE(Situation().with("CI", "").look().progress);
  Situation quiet;
  quiet.log.level = config::LogLevel::error;
  EXPECT_FALSE(quiet.look().progress);
  EXPECT_TRUE(quiet.look().colours);
}

TEST(Look, HasPrioritiesOnlyWhereTheStreamIsTheJournalItself) {
  EXPECT_TRUE(Situation().with("JOURNAL_STREAM", "24:3").look().priorities);
  for (const char* other : {"", "24:31", "2:24:3", "24", ":"}) {
    EXPECT_FALSE(Situation().with("JOURNAL_STREAM", other).look().priorities) << other;
  }
  EXPECT_FALSE(is_journal({}, {})) << "what is not known is not the journal";
}

TEST(Stream, OfAPipeIsNoTerminalAndHasAnIdentityOfItsOwn) {
  int one[2] = {-1, -1};
  int other[2] = {-1, -1};
  ASSERT_EQ(::pipe(one), 0);
  ASSERT_EQ(::pipe(other), 0);
  EXPECT_FALSE(stream_of(one[1]).is_terminal);
  EXPECT_EQ(stream_of(one[0]).identity, stream_of(one[1]).identity);
  EXPECT_NE(stream_of(one[1]).identity, stream_of(other[1]).identity);
  for (const int descriptor : {one[0], one[1], other[0], other[1]}) ::close(descriptor);
  EXPECT_EQ(stream_of(one[1]).identity, "") << "of what is closed nothing is known";
}

}  // namespace
}  // namespace connector::report
