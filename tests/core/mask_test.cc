// What the mask finds in texts that leave the program, and what it leaves alone.
#include "core/text/mask.hh"

#include <gtest/gtest.h>

namespace connector {
namespace {

Mask mask_of(const std::string& secret, const std::string& user = {}) {
  Mask mask;
  mask.add(Secret(secret), user);
  return mask;
}

TEST(Mask, HidesEveryOccurrenceOfEverySecret) {
  Mask mask;
  mask.add(Secret("hunter2"));
  mask.add(Secret("bkua_1234"));
  EXPECT_EQ(mask.hide("hunter2, bkua_1234 and hunter2hunter2"), "***, *** and ******");
  EXPECT_EQ(mask.hide("hunter2"), "***");
  EXPECT_EQ(mask.hide("HUNTER2 hunter hunter 2"), "HUNTER2 hunter hunter 2");
  EXPECT_EQ(mask.hide(""), "");
  EXPECT_EQ(Mask().hide("hunter2"), "hunter2");
}

TEST(Mask, HidesTheLongerOfTwoThatBeginAtOnePlace) {
  Mask mask;
  mask.add(Secret("hunter"));
  mask.add(Secret("hunter2"));
  EXPECT_EQ(mask.hide("hunter2 hunter"), "*** ***");
  EXPECT_EQ(mask_of("abab").hide("ababab"), "***ab");
}

TEST(Mask, HidesASecretThatIsPercentEncoded) {
  const Mask mask = mask_of("p\xC3\xA4ss/w:%+d");
  EXPECT_EQ(mask.hide("x=p%C3%A4ss%2Fw%3A%25%2Bd&y"), "x=***&y");
  EXPECT_EQ(mask.hide("x=p%c3%a4ss%2fw%3a%25%2bd&y"), "x=***&y");
  EXPECT_EQ(mask.hide("p\xC3\xA4ss%2fw:%25+d"), "***") << "only in part";
  EXPECT_EQ(mask.hide("%70%C3%A4%73%73%2F%77%3A%25%2B%64"), "***") << "every byte";
  EXPECT_EQ(mask.hide("p\xC3\xA4ss/w:%+d"), "***");
  EXPECT_EQ(mask.hide("p%C3%A4ss%2"), "p%C3%A4ss%2");
  EXPECT_EQ(mask_of("100%25x").hide("100%25x 100%2525x"), "*** ***") << "of one that looks encoded";
}

TEST(Mask, HidesASecretInBase64) {
  EXPECT_EQ(mask_of("hunter2").hide("k: aHVudGVyMg==."), "k: ***.");
  EXPECT_EQ(mask_of("hunter2").hide("k: aHVudGVyMg."), "k: ***.");
  EXPECT_EQ(mask_of("hunter22").hide("aHVudGVyMjI="), "***");
  EXPECT_EQ(mask_of("hunter").hide("aHVudGVy"), "***");
  EXPECT_EQ(mask_of("\xFB\xFF\xBE\xFF").hide("+/++/w== -_--_w +/%2B%2B/w%3D%3D"), "*** *** ***");
}

TEST(Mask, HidesALogin) {
  const Mask mask = mask_of("hunter2", "bot");
  EXPECT_EQ(mask.hide("Authorization: Basic Ym90Omh1bnRlcjI="), "Authorization: Basic ***");
  EXPECT_EQ(mask.hide("https://bot:hunter2@git"), "https://bot:***@git");
  EXPECT_EQ(mask_of("hunter2").hide("Basic Omh1bnRlcjI="), "Basic ***") << "without a user";
}

TEST(Mask, HidesASecretAsLogLinesAndJsonHaveIt) {
  const Mask mask = mask_of("a\"b\\c\td");
  EXPECT_EQ(mask.hide(R"(a\"b\\c\td)"), "***") << "JSON";
  EXPECT_EQ(mask.hide(R"(a"b\\c\td)"), "***") << "printable";
  EXPECT_EQ(mask.hide(R"(a\"b\\\\c\\td)"), "***") << "printable in JSON";
  EXPECT_EQ(mask_of("a\"b\\c\xE2\x80\xAE").hide(R"(msg="a\"b\\c\u{202e}")"), R"(msg="***")") << "logfmt";
}

TEST(Mask, HidesASecretInsideOfABase64Text) {
  const Mask mask = mask_of("hunter2", "bot");
  EXPECT_EQ(mask.hide("aHVudGVyMiB6eg=="), "***iB6eg==") << "hunter2 zz";
  EXPECT_EQ(mask.hide("YWh1bnRlcjIgeno="), "YW***Igeno=") << "ahunter2 zz";
  EXPECT_EQ(mask.hide("YWFodW50ZXIyIHp6"), "YWF***IHp6") << "aahunter2 zz";
  EXPECT_EQ(mask.hide("QmFzaWMgYm90Omh1bnRlcjIgeno="), "QmFzaWMg***geno=") << "Basic bot:hunter2 zz";
}

TEST(Mask, HidesASecretAsOtherProgramsWriteIt) {
  const Mask mask = mask_of("\xC3\xA4'b\\\"&<\xF0\x9F\x98\x80/1%2F");
  EXPECT_EQ(mask.hide(R"(\u00e4'b\\\"&<\ud83d\ude00\/1%2F)"), "***") << "JSON of PHP";
  EXPECT_EQ(mask.hide(R"(\u00E4\u0027b\\\"\u0026\u003c\uD83D\uDE00/1%2F)"), "***") << "JSON of Go";
  EXPECT_EQ(mask.hide(R"(\\u00e4'b\\\\\\"&<\\ud83d\\ude00/1%2F)"), "***") << "JSON in JSON";
  EXPECT_EQ(mask.hide("&#228;&#x27;b\\&quot;&amp;&lt;&#x1F600;&#47;1&#37;2F"), "***") << "HTML";
  EXPECT_EQ(mask.hide("\xC3\xA4'\\''b\\\"&<\xF0\x9F\x98\x80/1%2F"), "***") << "the shell";
  EXPECT_EQ(mask.hide("%25C3%25A4%2527b%255C%2522%2526%253C%25F0%259F%2598%2580%252F1%25252F"), "***")
      << "percent-encoded twice";
  EXPECT_EQ(mask.hide("\xEF\xBF\xBD%A4'b\\\"&<\xF0\x9F\x98\x80/1%2F"), "***") << "half encoded, then mended";
}

TEST(Mask, HidesASecretThatIsEscapedAndThenPercentEncoded) {
  const Mask mask = mask_of("hun'ter\"2");
  EXPECT_EQ(mask.hide("a %27hun%27%5C%27%27ter%222%27 b"), "a %27***%27 b") << "the shell";
  EXPECT_EQ(mask.hide("a hun%27ter%5C%222 b"), "a *** b") << "JSON";
  EXPECT_EQ(mask.hide("a hun%26%2339%3Bter%26quot%3B2 b"), "a *** b") << "HTML";
}

TEST(Mask, HidesASecretAsTheNameOfAHost) {
  EXPECT_EQ(mask_of("Hunter2").hide("https://hunter2.example.com"), "https://***.example.com");
}

TEST(Mask, HidesWhatACutLeftOfASecret) {
  const Mask mask = mask_of("hunter\"2 & more", "bot");
  const std::string cut = "\xE2\x80\xA6";
  EXPECT_EQ(mask.hide("a hunt" + cut + " b"), "a ***" + cut + " b");
  EXPECT_EQ(mask.hide("a hunter%2" + cut), "a ***" + cut) << "in the middle of a character";
  EXPECT_EQ(mask.hide("a hunter\"2 &am" + cut), "a ***" + cut);
  EXPECT_EQ(mask.hide("a aHVudGVy" + cut), "a ***" + cut);
  EXPECT_EQ(mask.hide("a hun" + cut), "a hun" + cut) << "less than four characters tell little";
  EXPECT_EQ(mask.hide("a hunter"), "a hunter") << "nothing was cut";
}

TEST(Mask, ReadsNothingBeyondTheEndOfAText) {
  for (const char* text :
       {"%",    "%2",     "%25",  "%252", "&",        "&#", "&#x", "&#3",  "\\",        "\\u",
        "\\u{", "\\u{25", "\\x2", "\xEF", "\xEF\xBF", "'",  "'\\", "'\\'", "\\ud83d\\", "\\ud83d\\u"}) {
    for (const char* secret : {"%%%%%", "&&&&&", "'-'-'", "\\-\\-", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80"})
      EXPECT_EQ(mask_of(secret).hide(text), text);
  }
}

TEST(Mask, LeavesWhatIsTooShortToBeTold) {
  EXPECT_EQ(mask_of("abc", "bot").hide("abc YWJj Ym90OmFiYw=="), "abc YWJj Ym90OmFiYw==");
  EXPECT_EQ(mask_of("").hide("nothing"), "nothing");
  EXPECT_EQ(mask_of("abcd").hide("abcd"), "***");
}

}  // namespace
}  // namespace connector
