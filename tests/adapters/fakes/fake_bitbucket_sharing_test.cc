// Whether the fake Bitbucket's two endpoints share the record of a commit and key (settings.shares_records):
// both must suit the program, since neither is published.
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string of_repository = R"("projectKey":"ACME","repositorySlug":"web")";

class SharedRecord : public FakeBitbucketTest {
 protected:
  SharedRecord() { bitbucket.settings().shares_records = true; }

  FakeAnswer read(const std::string& key) { return ask("GET", builds + "?key=" + key); }
  std::string listing() { return ask("GET", legacy).body; }
};

TEST_F(SharedRecord, OfARepositoryIsReplacedByAPostOnTheOldEndpoint) {
  post(status("web", "FAILED", R"(,"parent":"web","ref":"refs/heads/main","buildNumber":"7")"));
  post_legacy(status("web", "SUCCESSFUL"));
  EXPECT_EQ(bitbucket.record_count(), 1U);
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "SUCCESSFUL");
  EXPECT_THAT(read("web").body, AllOf(HasSubstr("SUCCESSFUL"), Not(HasSubstr("projectKey")),
                                      Not(HasSubstr("parent")), Not(HasSubstr("buildNumber"))))
      << "what only the repository's endpoint takes is gone";
  EXPECT_THAT(listing(),
              AllOf(HasSubstr(R"("size":1)"), HasSubstr("SUCCESSFUL"), Not(HasSubstr("projectKey"))));
  EXPECT_THAT(bitbucket.shown("ACME", "fork", commit), IsEmpty()) << "it stays the repository's";
}

TEST_F(SharedRecord, OfTheOldEndpointIsReplacedByAPostToARepository) {
  post_legacy(status("web", "FAILED"));
  EXPECT_EQ(bitbucket.shown_state("ACME", "fork", commit, "web"), "FAILED");
  post(status("web", "SUCCESSFUL", R"(,"parent":"web")"));
  EXPECT_EQ(bitbucket.record_count(), 1U);
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "SUCCESSFUL");
  EXPECT_THAT(read("web").body, AllOf(HasSubstr("SUCCESSFUL"), HasSubstr(of_repository)));
  EXPECT_THAT(listing(), AllOf(HasSubstr(R"("size":1)"), HasSubstr("SUCCESSFUL"), HasSubstr(of_repository)));
  EXPECT_THAT(bitbucket.shown("ACME", "fork", commit), IsEmpty()) << "it is the repository's now";
}

TEST_F(SharedRecord, KeepsTheTimeItWasCreatedAt) {
  post_legacy(status("web", "INPROGRESS"));
  const Timestamp created = now;
  now += 1min;
  post(status("web", "FAILED"));
  now += 1min;
  post_legacy(status("web", "SUCCESSFUL"));
  const StatusRecord record = bitbucket.shown("ACME", "web", commit).at(0);
  EXPECT_EQ(record.created, created);
  EXPECT_EQ(record.updated, now);
}

TEST_F(SharedRecord, ThatCameByTheOldEndpointIsReadAndDeletedByItsKey) {
  post_legacy(status("web", "FAILED"));
  EXPECT_EQ(read("web").status, 200);
  EXPECT_THAT(read("web").body, AllOf(HasSubstr("FAILED"), Not(HasSubstr("projectKey"))));
  EXPECT_EQ(ask("DELETE", builds + "?key=web").status, 204);
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(SharedRecord, IsListedWithItsRepositoryOnlyIfItCameByThatsEndpoint) {
  post_legacy(status("old", "FAILED"));
  now += 1s;
  post(status("new", "FAILED"));
  const std::string rows = listing();
  const auto newer = rows.substr(0, rows.find(R"("key":"old")"));
  EXPECT_THAT(newer, AllOf(HasSubstr(R"("key":"new")"), HasSubstr(of_repository)));
  EXPECT_THAT(rows.substr(newer.size()), Not(HasSubstr("projectKey")));
}

TEST_F(SharedRecord, IsOfOneCommitOneKeyAndOneRepository) {
  bitbucket.add_repository("ACME", "fork");
  post_legacy(status("web", "FAILED"));
  post(status("other", "SUCCESSFUL"));
  ask("POST", "/rest/build-status/1.0/commits/" + commit_named("b"), status("other", "FAILED"));
  EXPECT_EQ(bitbucket.record_count(), 3U);
  post(status("web", "SUCCESSFUL"));
  ask("POST", builds_of("ACME", "fork"), status("web", "INPROGRESS"));
  EXPECT_EQ(bitbucket.record_count(), 4U);
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "SUCCESSFUL");
  EXPECT_EQ(bitbucket.shown_state("ACME", "fork", commit, "web"), "INPROGRESS");
}

class RecordOfEachEndpoint : public FakeBitbucketTest {};

TEST_F(RecordOfEachEndpoint, IsKeptBesideTheOther) {
  post(status("web", "FAILED"));
  now += 1s;
  post_legacy(status("web", "SUCCESSFUL"));
  EXPECT_EQ(bitbucket.record_count(), 2U);
  EXPECT_THAT(ask("GET", builds + "?key=web").body, AllOf(HasSubstr("FAILED"), HasSubstr(of_repository)));
  const std::string rows = ask("GET", legacy).body;
  const auto newer = rows.substr(0, rows.find("FAILED"));
  EXPECT_THAT(newer, AllOf(HasSubstr("SUCCESSFUL"), Not(HasSubstr("projectKey"))));
  EXPECT_THAT(rows.substr(newer.size()), HasSubstr(of_repository));
}

TEST_F(RecordOfEachEndpoint, IsReadByKeyOnlyIfItIsTheRepositorys) {
  post_legacy(status("web", "FAILED"));
  EXPECT_EQ(ask("GET", builds + "?key=web").status, 404);
  EXPECT_EQ(ask("DELETE", builds + "?key=web").status, 404);
  EXPECT_EQ(bitbucket.record_count(), 1U);
}

}  // namespace
}  // namespace connector::support
