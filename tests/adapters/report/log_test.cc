#include "report/log.hh"

#include <gtest/gtest.h>

#include <string>

namespace connector::report {
namespace {

std::string logged(config::Log settings, const Look& look = {}) {
  std::string lines;
  const Log log(
      settings, [&](std::string_view line) { lines += line; }, look);
  log.error("it broke", {{"pipeline", "web"}, {"reason", "two \"words\""}});
  log.warn("look here");
  log.info("by the way");
  log.debug("in detail");
  return lines;
}

TEST(Log, WritesOneLineAMessageWithItsFields) {
  EXPECT_EQ(logged({config::LogLevel::warn, config::LogFormat::text}),
            "level=error msg=\"it broke\" pipeline=web reason=\"two \\\"words\\\"\"\n"
            "level=warn msg=\"look here\"\n");
}

TEST(Log, WritesOneJsonObjectALineForCollectors) {
  EXPECT_EQ(
      logged({config::LogLevel::error, config::LogFormat::json}),
      "{\"level\":\"error\",\"msg\":\"it broke\",\"pipeline\":\"web\",\"reason\":\"two \\\"words\\\"\"}\n");
}

TEST(Log, ColoursTheWordForTheLevelAndNothingElse) {
  EXPECT_EQ(logged({config::LogLevel::debug, config::LogFormat::text}, {.colours = true}),
            "level=\x1b[31merror\x1b[0m msg=\"it broke\" pipeline=web reason=\"two \\\"words\\\"\"\n"
            "level=\x1b[33mwarn\x1b[0m msg=\"look here\"\n"
            "level=\x1b[32minfo\x1b[0m msg=\"by the way\"\n"
            "level=\x1b[2mdebug\x1b[0m msg=\"in detail\"\n");
}

TEST(Log, TellsTheJournalHowImportantEachLineIs) {
  EXPECT_EQ(logged({config::LogLevel::debug, config::LogFormat::text}, {.priorities = true}),
            "<3>level=error msg=\"it broke\" pipeline=web reason=\"two \\\"words\\\"\"\n"
            "<4>level=warn msg=\"look here\"\n"
            "<6>level=info msg=\"by the way\"\n"
            "<7>level=debug msg=\"in detail\"\n");
  EXPECT_EQ(logged({config::LogLevel::error, config::LogFormat::json}, {.priorities = true}).substr(0, 4),
            "<3>{")
      << "the journal takes it off again, and an object is left";
}

TEST(Log, KeepsOutsideTextFromForgingLines) {
  std::string lines;
  const Log log({config::LogLevel::error, config::LogFormat::text},
                [&](std::string_view line) { lines += line; });
  log.error("refused: x\n--- fake group\x1B[0m", {{"branch", "a\nlevel=error"}});
  EXPECT_EQ(lines, "level=error msg=\"refused: x\\n--- fake group\\u{1b}[0m\" branch=\"a\\nlevel=error\"\n");
}

TEST(Log, HidesSecretsInMessagesAndFieldsAlsoWhereALongMessageIsCut) {
  Mask mask;
  mask.add(Secret("hunter2hunter2"));
  for (const auto format : {config::LogFormat::text, config::LogFormat::json}) {
    std::string lines;
    const Log log(
        {config::LogLevel::error, format}, [&](std::string_view line) { lines += line; }, {}, mask);
    log.error("the server said hunter2hunter2", {{"branch", "fix/hunter2hunter2"}});
    log.error(std::string(3990, '.') + "hunter2hunter2");
    EXPECT_EQ(lines.find("hunter"), std::string::npos) << lines;
    EXPECT_NE(lines.find("the server said ***"), std::string::npos) << lines;
    EXPECT_NE(lines.find("fix/***"), std::string::npos) << lines;
  }
}

}  // namespace
}  // namespace connector::report
