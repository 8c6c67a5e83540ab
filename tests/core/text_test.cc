// Text from outside, made safe, and JSON written from it.
#include "core/text/text.hh"

#include <gtest/gtest.h>

#include <string>

#include "core/text/json_text.hh"

namespace connector {
namespace {

TEST(Utf8, StaysAsItIsWhenValid) {
  const std::string text = "plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x9A\x80";
  EXPECT_EQ(valid_utf8(text), text);
}

TEST(Utf8, ReplacesEveryByteThatIsNoPartOfACharacter) {
  EXPECT_EQ(valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(valid_utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD") << "overlong";
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "surrogate";
  EXPECT_EQ(valid_utf8("\xF0\x9F\x9A"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "cut short";
  EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")
      << "too large";
}

TEST(Utf8, IsNotTakenForAsciiWhereverTheByteStands) {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    EXPECT_TRUE(is_ascii(std::string_view(text).substr(at)));
    text.at(at) = '\xFF';
    EXPECT_FALSE(is_ascii(text)) << at;
    EXPECT_EQ(valid_utf8(text), std::string(at, 'x') + "\xEF\xBF\xBD" + std::string(19 - at, 'x'));
    EXPECT_EQ(first_line(text), valid_utf8(text));
    EXPECT_EQ(printable(text), valid_utf8(text));
  }
}

TEST(Utf16Limit, CountsCharactersOutsideTheBmpTwice) {
  EXPECT_EQ(utf16_length("a\xC3\xA9\xE2\x82\xAC"), 3U);
  EXPECT_EQ(utf16_length("\xF0\x9F\x9A\x80"), 2U);
}

TEST(Utf16Limit, NeverSplitsACharacter) {
  const std::string rockets = "\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80";
  EXPECT_EQ(utf16_prefix(rockets, 3), "\xF0\x9F\x9A\x80");
  EXPECT_EQ(utf16_prefix(rockets, 4), rockets);
  EXPECT_EQ(utf16_prefix(rockets, 1), "");
}

TEST(Utf16Limit, MarksACutTextWithAnEllipsisWithinTheLimit) {
  EXPECT_EQ(cut_utf16("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_utf16("abcdef", 5), "abcd\xE2\x80\xA6");
  EXPECT_EQ(utf16_length(cut_utf16(std::string(1000, 'x'), 255)), 255U);
}

TEST(BasicPlane, IsLeftByEmojiAndRareScripts) {
  EXPECT_FALSE(leaves_basic_plane(""));
  EXPECT_FALSE(leaves_basic_plane("plain, \xC3\xA9, \xE2\x82\xAC, \xEF\xBF\xBD")) << "up to U+FFFD";
  EXPECT_TRUE(leaves_basic_plane("a \xF0\x90\x80\x80")) << "U+10000";
  EXPECT_TRUE(leaves_basic_plane("\xF4\x8F\xBF\xBF b")) << "U+10FFFF";
}

TEST(BasicPlane, KeepsEverythingElseOfAText) {
  const std::string rocket = "\xF0\x9F\x9A\x80";
  EXPECT_EQ(basic_plane("caf\xC3\xA9  \xE2\x82\xAC 5 "), "caf\xC3\xA9  \xE2\x82\xAC 5 ") << "untouched";
  EXPECT_EQ(basic_plane("a" + rocket + "b"), "ab");
  EXPECT_EQ(basic_plane("Fix " + rocket + " it"), "Fix it") << "one blank where two would be";
  EXPECT_EQ(basic_plane("Fix " + rocket + rocket + " " + rocket + " it  now"), "Fix it  now");
  EXPECT_EQ(basic_plane("Fix" + rocket + " it"), "Fix it");
  EXPECT_EQ(basic_plane(rocket + " Launch"), "Launch");
  EXPECT_EQ(basic_plane("Launch " + rocket), "Launch");
  EXPECT_EQ(basic_plane(rocket), "");
}

TEST(BasicPlane, LeavesNoRemainsOfComposedEmoji) {
  EXPECT_EQ(basic_plane("a \xF0\x9F\x8F\xB3\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x8C\x88 b"), "a b") << "a flag";
  EXPECT_EQ(basic_plane("1\xEF\xB8\x8F\xE2\x83\xA3"), "1\xEF\xB8\x8F\xE2\x83\xA3")
      << "a keycap is in the basic plane";
}

TEST(Printable, EscapesWhatCouldForgeOrHideALine) {
  EXPECT_EQ(printable("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(printable("C:\\n"), "C:\\\\n");
  EXPECT_EQ(printable("\x1B[31mred"), "\\u{1b}[31mred");
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "abc"),
            "\\u{202e}abc")
      << "right-to-left override";
  EXPECT_EQ(printable("\xC2\x9B"), "\\u{9b}") << "C1 control";
  EXPECT_EQ(printable(std::string_view("\0x", 2)), "\\u{0}x");
}

TEST(Printable, IsBounded) {
  const std::string cut = printable(std::string(1'000'000, 'x'), 10);
  EXPECT_EQ(cut, "xxxxxxxxxx\xE2\x80\xA6");
}

TEST(FirstLine, IsWhatAPersonSeesOfAMessage) {
  EXPECT_EQ(first_line("Fix the login page\n\nLong story"), "Fix the login page");
  EXPECT_EQ(first_line("\n\n  Fix\t it \r\nmore"), "Fix  it");
  EXPECT_EQ(first_line("a\x1B[0m\xE2\x80\xAE"
                       "b"),
            "a [0mb");
  EXPECT_EQ(first_line(" \n "), "");
}

TEST(Glob, MatchesStarsAnywhere) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("deploy-*", "deploy-web"));
  EXPECT_TRUE(glob_matches("*-web", "deploy-web"));
  EXPECT_TRUE(glob_matches("a*b*c", "aXXbYYc"));
  EXPECT_TRUE(glob_matches("a*bc", "abbcbc"));
  EXPECT_FALSE(glob_matches("deploy-*", "deploy"));
  EXPECT_FALSE(glob_matches("main", "Main"));
  EXPECT_FALSE(glob_matches("", "x"));
}

TEST(PercentEncoding, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("~user-1.2_x"), "~user-1.2_x");
  EXPECT_EQ(percent_encode("a/b?c=d:\xC3\xA9"), "a%2Fb%3Fc%3Dd%3A%C3%A9");
}

TEST(PercentDecoding, ReplacesOnlyWhatStandsForAByte) {
  EXPECT_EQ(percent_decode("%7Euser%7e"), "~user~");
  EXPECT_EQ(percent_decode("a%2Fb%C3%A9+"), "a/b\xC3\xA9+");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode(std::string_view("%41", 2)), "%4");
  EXPECT_EQ(percent_decode("%zz%4g%%41"), "%zz%4g%A");
  EXPECT_EQ(percent_decode("%2541"), "%41") << "decoded once";
  EXPECT_EQ(percent_decode(percent_encode("a/b?c=d:\xC3\xA9%")), "a/b?c=d:\xC3\xA9%");
}

TEST(Fnv1a64, IsThePublishedFunction) {
  EXPECT_EQ(fnv1a64(""), 0xcbf29ce484222325U);
  EXPECT_EQ(fnv1a64("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(fnv1a64("foobar"), 0x85944171f73967e8U);
}

TEST(JsonWriter, PutsCommasAndEscapes) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("a").value("q\"\\\n\x01\xFF").key("b").begin_array();
  json.value(1).value(std::uint64_t{18446744073709551615U}).value(false).null().end_array();
  json.key("c").begin_object().end_object().end_object();
  EXPECT_EQ(text, R"({"a":"q\"\\\n\u0001)"
                  "\xEF\xBF\xBD"
                  R"(","b":[1,18446744073709551615,false,null],"c":{}})");
}

TEST(JsonWriter, EscapesWhatWouldActOnATerminalThatShowsIt) {
  std::string text;
  JsonWriter json(text);
  json.value(
      "\x1B[2J\x7F\xC2\x9B"
      "2J\xE2\x80\xAE \xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80");
  EXPECT_EQ(text, R"("\u001b[2J\u007f\u009b2J\u202e )"
                  "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80\"");
}

}  // namespace
}  // namespace connector
