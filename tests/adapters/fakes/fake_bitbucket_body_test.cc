// Which bodies the fake Bitbucket takes.
#include <gmock/gmock.h>

#include <cstddef>
#include <ostream>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"
#include "core/text/text.hh"

namespace connector::support {
namespace {

using ::testing::HasSubstr;

struct BadStatus {
  std::string body;
  std::string complaint;
};

void PrintTo(const BadStatus& status, std::ostream* out) {
  *out << printable(status.body, 100);
}

class BadStatusTest : public FakeBitbucketTest, public ::testing::WithParamInterface<BadStatus> {};

TEST_P(BadStatusTest, IsRefusedWithTheFieldNamed) {
  const FakeAnswer answer = post(GetParam().body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr(GetParam().complaint));
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadStatusTest,
    ::testing::Values(BadStatus{status(" ", "FAILED"), R"("context":"key")"},
                      BadStatus{status(std::string(256, 'k'), "FAILED"), R"("context":"key")"},
                      BadStatus{status("web", "RED"), R"("context":"state")"},
                      BadStatus{R"({"key":"web","state":"FAILED"})", R"("context":"url")"},
                      BadStatus{R"({"key":"web","state":null,"url":"https://x"})", R"("context":"state")"},
                      BadStatus{R"({"key":"web","state":"FAILED","url":")" + std::string(451, 'u') + "\"}",
                                R"("context":"url")"},
                      BadStatus{status("web", "FAILED", R"(,"ref":"main")"), R"("context":"ref")"},
                      BadStatus{status("web", "FAILED", R"(,"buildNumber":7)"), R"("context":"buildNumber")"},
                      BadStatus{status("web", "FAILED", R"(,"duration":"7")"), R"("context":"duration")"},
                      BadStatus{status("web", "FAILED", R"(,"parent":")" + std::string(1025, 'p') + '"'),
                                R"("context":"parent")"},
                      BadStatus{"[]", "not the JSON expected"},
                      BadStatus{R"({"key":"web")", "not the JSON expected"},
                      BadStatus{status("web", "FAILED") + "}", "not the JSON expected"}));

TEST_F(FakeBitbucketTest, CountsLengthsInUtf16Units) {
  const auto named = [](const std::string& character, int count) {
    std::string name;
    for (int i = 0; i < count; ++i) name += character;
    return status("web", "FAILED", R"(,"name":")" + name + '"');
  };
  EXPECT_EQ(post(named("ü", 255)).status, 204);
  EXPECT_EQ(post(named("ü", 256)).status, 400);
  EXPECT_EQ(post(named("🚀", 127)).status, 204);
  EXPECT_EQ(post(named("🚀", 128)).status, 400);
}

TEST_F(FakeBitbucketTest, MayBeUnableToStoreFourByteCharacters) {
  bitbucket.settings().refuses_four_byte_characters = true;
  EXPECT_EQ(post(status("web", "FAILED", R"(,"name":"ü")")).status, 204);
  EXPECT_EQ(post(status("web", "FAILED", R"(,"name":"🚀")")).status, 500);
  EXPECT_EQ(post(status("web", "FAILED", R"(,"name":"\ud83d\ude80")")).status, 500);
}

class BodyInBytes : public FakeBitbucketTest {
 protected:
  int post_as(const std::string& content_type) {
    headers["content-type"] = content_type;
    return post(status("web", "FAILED", R"(,"name":"ü")")).status;
  }
};

TEST_F(BodyInBytes, IsTakenAsJsonAlone) {
  headers["content-type"] = "text/plain";
  const FakeAnswer forged = post(status("web", "FAILED"));
  EXPECT_EQ(forged.status, 403);
  EXPECT_THAT(forged.body, HasSubstr("XSRF check failed"));
  headers["x-atlassian-token"] = "no-check";
  EXPECT_EQ(post(status("web", "FAILED")).status, 415);
}

TEST_F(BodyInBytes, IsTakenInNoOtherCharsetThanUtf8) {
  for (const char* type : {"application/json", "application/json; charset=utf-8",
                           "application/json;charset=UTF-8", R"(Application/JSON; Charset="utf-8"; x=y)"})
    EXPECT_EQ(post_as(type), 204) << type;
  for (const char* type : {"application/json; charset=iso-8859-1", "application/json;charset=utf-16",
                           R"(application/json; x=y; charset="us-ascii")"})
    EXPECT_EQ(post_as(type), 400) << type;
  EXPECT_EQ(post_as("application/jsonp"), 415);
}

TEST_F(BodyInBytes, NamesTheCharsetThatIsWrong) {
  headers["content-type"] = "application/json; charset=ISO-8859-1";
  EXPECT_THAT(post_legacy(status("web", "FAILED")).body, HasSubstr("iso-8859-1"));
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(BodyInBytes, IsRefusedUnlessItIsValidUtf8) {
  const auto named = [](const std::string& bytes) {
    return status("web", "FAILED", R"(,"name":")" + bytes + '"');
  };
  EXPECT_EQ(post(named("\xc3\xbc")).status, 204);
  for (const char* bytes : {"\xff", "\xfc", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    const FakeAnswer answer = post(named(bytes));
    EXPECT_EQ(answer.status, 400) << printable(bytes);
    EXPECT_THAT(answer.body, HasSubstr("not valid UTF-8"));
    EXPECT_EQ(post_legacy(named(bytes)).status, 400) << printable(bytes);
  }
  EXPECT_EQ(bitbucket.record_count(), 1U);
}

TEST_F(BodyInBytes, IsRefusedAboveOneMebibyte) {
  std::string body = status("web", "FAILED");
  body.resize(std::size_t{1} << 20U, ' ');
  EXPECT_EQ(post(body).status, 204);
  EXPECT_EQ(post_legacy(body).status, 204);
  EXPECT_EQ(post(body + ' ').status, 413);
  EXPECT_EQ(post_legacy(body + ' ').status, 413);
  EXPECT_EQ(bitbucket.record_count(), 2U);
}

TEST_F(BodyInBytes, IsMeasuredByTheProxyInFrontOfTheServer) {
  bitbucket.settings().maintenance = true;
  headers.clear();
  const FakeAnswer answer = post(std::string((std::size_t{1} << 20U) + 1, ' '));
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("<html>"));
}

}  // namespace
}  // namespace connector::support
