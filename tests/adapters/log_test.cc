#include "report/log.hh"

#include <gtest/gtest.h>

#include <string>

namespace connector::report {
namespace {

std::string logged(config::Log settings) {
  std::string lines;
  const Log log(settings, [&](std::string_view line) { lines += line; });
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

TEST(Log, KeepsOutsideTextFromForgingLines) {
  std::string lines;
  const Log log({config::LogLevel::error, config::LogFormat::text},
                [&](std::string_view line) { lines += line; });
  log.error("refused: x\n--- fake group\x1B[0m", {{"branch", "a\nlevel=error"}});
  EXPECT_EQ(lines, "level=error msg=\"refused: x\\n--- fake group\\u{1b}[0m\" branch=\"a\\nlevel=error\"\n");
}

}  // namespace
}  // namespace connector::report
