// What is JSON.
#include "core/text/json_check.hh"

#include <gtest/gtest.h>

#include <string>

namespace connector {
namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Json, IsOneValueOfAnyKind) {
  for (const std::string text : {"{}", "[]", "\"\"", "true", "false", "null", "0", "-0", "12", "-1.5e+10",
                                 "1E9", " [ 1 , { \"a\" : [ ] } ] \n", "{\"a\":{\"b\":null},\"c\":\"\"}",
                                 "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "\"\xC3\xA9\""}) {
    EXPECT_TRUE(is_json(text)) << text;
  }
  EXPECT_TRUE(is_json("\"\\ud83d\"")) << "a lone surrogate spoils a text, not the structure";
  EXPECT_TRUE(is_json("\"\xFF\"")) << "so do bytes that are not UTF-8";
}

TEST(Json, IsNothingElse) {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "[",
                                 "[1",
                                 "[1,",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\":1 \"b\":2}",
                                 "{\"a\":1{,\"b\":2}",
                                 "{\"a\":1}}",
                                 "[1}",
                                 "\"",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "\"\\u12\"",
                                 "\"\\",
                                 "\"a\nb\"",
                                 "tru",
                                 "truefalse",
                                 "+1",
                                 "01",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "-",
                                 "nul",
                                 "NaN",
                                 "[] []",
                                 "'a'"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
  EXPECT_FALSE(is_json(std::string("\"\0\"", 3)));
}

TEST(Json, IsNotNestedForever) {
  EXPECT_TRUE(is_json(nested(500)));
  EXPECT_FALSE(is_json(nested(501)));
  EXPECT_FALSE(is_json(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace connector
