// The fake Bitbucket enforces the published rules: other tests lean on it.
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(FakeBitbucketTest, KeepsOneRecordForEachKeyOfACommit) {
  EXPECT_EQ(post(status("web", "INPROGRESS")).status, 204);
  EXPECT_EQ(post(status("web", "SUCCESSFUL")).status, 204);
  EXPECT_EQ(post(status("other", "FAILED")).status, 204);
  EXPECT_THAT(bitbucket.shown("acme", "WEB", commit), SizeIs(2));
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "SUCCESSFUL");
  EXPECT_THAT(bitbucket.shown("ACME", "other", commit), IsEmpty());
}

TEST_F(FakeBitbucketTest, ShowsLegacyRecordsOnEveryRepositoryBesideItsOwn) {
  EXPECT_EQ(post_legacy(status("web", "FAILED")).status, 204);
  EXPECT_EQ(post(status("web", "SUCCESSFUL")).status, 204);
  EXPECT_THAT(bitbucket.shown("ACME", "web", commit),
              ElementsAre(Field(&StatusRecord::legacy, false), Field(&StatusRecord::legacy, true)));
  EXPECT_EQ(bitbucket.shown_state("ACME", "fork", commit, "web"), "FAILED");
}

TEST_F(FakeBitbucketTest, ReadsARecordBackByItsKeyAndDeletesIt) {
  post(status("web", "SUCCESSFUL",
              R"(,"ref":"refs/heads/main","duration":1500,"buildNumber":"7","parent":"web")"));
  const FakeAnswer answer = ask("GET", builds + "?key=web");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("buildNumber":"7","parent":"web","ref":"refs/heads/main")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("duration":1500)"));
  EXPECT_EQ(ask("GET", builds).status, 400);
  EXPECT_EQ(ask("GET", builds + "?key=absent").status, 404);
  EXPECT_EQ(ask("DELETE", builds + "?key=web").status, 204);
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(FakeBitbucketTest, PagesTheRecordsOfACommit) {
  for (const char* key : {"a", "b", "c"}) {
    now += 1s;
    post_legacy(status(key, "FAILED"));
  }
  const std::string first = ask("GET", legacy + "?limit=2").body;
  EXPECT_THAT(first, HasSubstr(R"("size":2,"limit":2,"isLastPage":false)"));
  EXPECT_THAT(first, HasSubstr(R"("nextPageStart":2)"));
  EXPECT_LT(first.find(R"("key":"c")"), first.find(R"("key":"b")")) << "newest first";
  EXPECT_THAT(ask("GET", legacy + "?start=2").body, HasSubstr(R"("isLastPage":true)"));
}

TEST_F(FakeBitbucketTest, TellsWhichPlaceIsMissing) {
  const auto place = [](const char* project, const char* slug) {
    return std::string("/rest/api/1.0/projects/") + project + "/repos/" + slug;
  };
  EXPECT_THAT(ask("GET", place("NOPE", "web")).body, HasSubstr("NoSuchProjectException"));
  EXPECT_THAT(ask("GET", place("ACME", "nope")).body, HasSubstr("NoSuchRepositoryException"));
  EXPECT_THAT(ask("GET", place("acme", "Web")).body,
              HasSubstr("https://bitbucket.example.com/scm/acme/web.git"));
  EXPECT_EQ(ask("POST", place("ACME", "web") + "/commits/abc123/builds", status("web", "FAILED")).status,
            400);
  EXPECT_EQ(ask("GET", "/rest/api/latest/nothing").status, 404);
}

TEST_F(FakeBitbucketTest, MayRefuseCommitsThatTheRepositoryDoesNotHave) {
  bitbucket.settings().unknown_commit = UnknownCommit::not_found;
  EXPECT_EQ(post(status("web", "FAILED")).status, 404);
  EXPECT_EQ(post_legacy(status("web", "FAILED")).status, 204);
  bitbucket.settings().unknown_commit = UnknownCommit::bad_request;
  EXPECT_EQ(post(status("web", "FAILED")).status, 400);
  bitbucket.add_commit("ACME", "web", commit);
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
}

TEST_F(FakeBitbucketTest, LivesUnderItsContextPath) {
  bitbucket.settings().context_path = "/bitbucket";
  EXPECT_EQ(ask("GET", "/bitbucket/status").status, 200);
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr("<html>"));
}

}  // namespace
}  // namespace connector::support
