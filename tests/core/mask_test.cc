// What the mask finds in texts that leave the program, and what it leaves alone.
#include "core/mask.hh"

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

TEST(Mask, LeavesWhatIsTooShortToBeTold) {
  EXPECT_EQ(mask_of("abc", "bot").hide("abc YWJj Ym90OmFiYw=="), "abc YWJj Ym90OmFiYw==");
  EXPECT_EQ(mask_of("").hide("nothing"), "nothing");
  EXPECT_EQ(mask_of("abcd").hide("abcd"), "***");
}

}  // namespace
}  // namespace connector
