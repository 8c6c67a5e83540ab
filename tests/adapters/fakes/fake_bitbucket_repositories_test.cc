// Repositories of the fake Bitbucket: renamed, archived, with merge checks, under the addresses they are
// cloned by.
#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"

namespace connector::support {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RenamedRepository : public FakeBitbucketTest {
 protected:
  void rename() { bitbucket.rename("ACME", "web", "OPS", "site"); }
  std::string location(const std::string& method, const std::string& target) {
    const FakeAnswer answer = ask(method, target, status("web", "FAILED"));
    EXPECT_EQ(answer.status, 307) << target;
    return header(answer, "Location");
  }

  const std::string server = "https://bitbucket.example.com";
};

TEST_F(RenamedRepository, IsRedirectedToWithTheTailAndTheQueryAsTheyWereSent) {
  rename();
  EXPECT_EQ(location("GET", repository("ACME", "web")), server + repository("OPS", "site"));
  EXPECT_EQ(location("POST", builds), server + builds_of("OPS", "site"));
  EXPECT_EQ(location("GET", builds + "?key=a%2Fb+c&x="),
            server + builds_of("OPS", "site") + "?key=a%2Fb+c&x=");
  EXPECT_EQ(location("DELETE", builds + "?key=web"), server + builds_of("OPS", "site") + "?key=web");
  EXPECT_EQ(location("GET", conditions_of("ACME", "web") + "?start=25"),
            server + conditions_of("OPS", "site") + "?start=25");
  EXPECT_EQ(location("GET", repository("ACME", "web") + "/commits/a%2Fb/builds"),
            server + repository("OPS", "site") + "/commits/a%2Fb/builds");
  EXPECT_EQ(location("GET", "/rest/api/1.0/projects/acme/repos/WEB"),
            server + "/rest/api/1.0/projects/OPS/repos/site");
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(RenamedRepository, IsRedirectedToBelowTheContextPath) {
  bitbucket.settings().context_path = "/git";
  bitbucket.settings().base_url = server + "/git";
  rename();
  EXPECT_EQ(location("GET", "/git" + builds + "?key=web"),
            server + "/git" + builds_of("OPS", "site") + "?key=web");
}

TEST_F(RenamedRepository, IsToldOnlyToThoseWhoAreLoggedIn) {
  rename();
  headers.erase("authorization");
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 401);
}

TEST_F(RenamedRepository, TakesItsRecordsAlong) {
  post(status("web", "SUCCESSFUL"));
  rename();
  EXPECT_EQ(bitbucket.shown_state("OPS", "site", commit, "web"), "SUCCESSFUL");
  EXPECT_THAT(bitbucket.shown("ACME", "web", commit), IsEmpty());
  EXPECT_THAT(ask("GET", builds_of("OPS", "site") + "?key=web").body,
              HasSubstr(R"("projectKey":"OPS","repositorySlug":"site")"));
  EXPECT_EQ(ask("POST", builds_of("OPS", "site"), status("web", "FAILED")).status, 204);
  EXPECT_EQ(bitbucket.record_count(), 1U);
}

TEST_F(RenamedRepository, LeavesTheRecordsOfOthersAndOfTheOldEndpoint) {
  bitbucket.add_repository("ACME", "shop");
  ask("POST", builds_of("ACME", "shop"), status("shop", "FAILED"));
  post_legacy(status("old", "INPROGRESS"));
  rename();
  EXPECT_EQ(bitbucket.shown_state("ACME", "shop", commit, "shop"), "FAILED");
  EXPECT_EQ(bitbucket.shown_state("OPS", "site", commit, "old"), "INPROGRESS");
}

TEST_F(RenamedRepository, KeepsWhatTheAccountMayNotDo) {
  bitbucket.forbid("ACME", "web");
  rename();
  EXPECT_EQ(location("POST", builds), server + builds_of("OPS", "site"));
  EXPECT_EQ(ask("POST", builds_of("OPS", "site"), status("web", "FAILED")).status, 401);
}

TEST_F(RenamedRepository, KeepsItsCommitsItsMergeChecksAndItsArchiving) {
  bitbucket.settings().unknown_commit = UnknownCommit::not_found;
  bitbucket.add_commit("ACME", "web", commit);
  bitbucket.require_builds("ACME", "web", {"deploy"});
  rename();
  EXPECT_EQ(ask("POST", builds_of("OPS", "site"), status("web", "FAILED")).status, 204);
  EXPECT_THAT(ask("GET", conditions_of("OPS", "site")).body, HasSubstr(R"("buildParentKeys":["deploy"])"));
  bitbucket.archive("OPS", "site");
  bitbucket.rename("OPS", "site", "OPS", "attic");
  EXPECT_EQ(ask("POST", builds_of("OPS", "attic"), status("web", "FAILED")).status, 409);
}

TEST_F(RenamedRepository, IsNoLongerLedToOnceAnotherTakesItsOldName) {
  post(status("web", "SUCCESSFUL"));
  rename();
  bitbucket.add_repository("acme", "Web");
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 200);
  EXPECT_EQ(ask("GET", builds + "?key=web").status, 404) << "a new repository has no records";
  EXPECT_EQ(post(status("web", "FAILED")).status, 204);
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "FAILED");
  EXPECT_EQ(bitbucket.shown_state("OPS", "site", commit, "web"), "SUCCESSFUL");
}

TEST_F(RenamedRepository, IsLedToByAllItsOldNames) {
  rename();
  bitbucket.rename("OPS", "site", "OPS", "www");
  EXPECT_EQ(location("GET", repository("ACME", "web")), server + repository("OPS", "www"));
  EXPECT_EQ(location("GET", repository("OPS", "site")), server + repository("OPS", "www"));
  bitbucket.rename("OPS", "www", "ACME", "web");
  EXPECT_EQ(location("GET", repository("OPS", "site")), server + repository("ACME", "web"));
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 200);
}

TEST_F(RenamedRepository, MustExistAndItsNewNameBeFree) {
  bitbucket.add_repository("ACME", "shop");
  EXPECT_THROW(bitbucket.rename("ACME", "none", "OPS", "site"), std::logic_error);
  EXPECT_THROW(bitbucket.rename("ACME", "web", "acme", "SHOP"), std::logic_error);
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 200);
}

TEST_F(RenamedRepository, HasNoNewerResourcesThanTheServer) {
  bitbucket.settings().profile = bitbucket_5();
  rename();
  EXPECT_EQ(post(status("web", "FAILED")).status, 404);
  EXPECT_EQ(ask("GET", conditions_of("ACME", "web")).status, 404);
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 307);
}

class CloneLinks : public FakeBitbucketTest {
 protected:
  FakeAnswer of(const std::string& project, const std::string& slug) {
    return ask("GET", repository(project, slug));
  }
};

TEST_F(CloneLinks, LeadOverHttpAndOverSshToAnotherHost) {
  EXPECT_THAT(of("ACME", "web").body,
              HasSubstr(R"("clone":[{"href":"https://bitbucket.example.com/scm/acme/web.git","name":"http"},)"
                        R"({"href":"ssh://git@git.example.com:7999/acme/web.git","name":"ssh"}])"));
}

TEST_F(CloneLinks, FollowTheBaseUrlsOfTheServer) {
  bitbucket.settings().base_url = "http://127.0.0.1:7990/git";
  bitbucket.settings().ssh_base_url = "ssh://code@ssh.acme.example:2222";
  bitbucket.add_repository("~jane", "Notes");
  EXPECT_THAT(of("~Jane", "notes").body,
              HasSubstr(R"("clone":[{"href":"http://127.0.0.1:7990/git/scm/~jane/notes.git","name":"http"},)"
                        R"({"href":"ssh://code@ssh.acme.example:2222/~jane/notes.git","name":"ssh"}])"));
}

TEST_F(CloneLinks, NameTheProjectByItsKeyInUpperCase) {
  EXPECT_THAT(of("acme", "WEB").body,
              AllOf(HasSubstr(R"("project":{"key":"ACME"})"), HasSubstr(R"("slug":"web")")));
}

class ArchivedRepository : public FakeBitbucketTest {};

TEST_F(ArchivedRepository, TakesNoStatusAndSaysWhy) {
  bitbucket.archive("acme", "Web");
  const FakeAnswer answer = post(status("web", "FAILED"));
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("Repository ACME/web is archived and is read-only."));
  EXPECT_EQ(bitbucket.record_count(), 0U);
}

TEST_F(ArchivedRepository, CanStillBeRead) {
  post(status("web", "SUCCESSFUL"));
  bitbucket.archive("ACME", "web");
  EXPECT_EQ(ask("GET", repository("ACME", "web")).status, 200);
  EXPECT_EQ(ask("GET", builds + "?key=web").status, 200);
  EXPECT_EQ(ask("GET", conditions_of("ACME", "web")).status, 200);
}

TEST_F(ArchivedRepository, IsNotAskedOnTheOldEndpoint) {
  bitbucket.archive("ACME", "web");
  EXPECT_EQ(post_legacy(status("web", "FAILED")).status, 204);
}

class RequiredBuilds : public FakeBitbucketTest {};

TEST_F(RequiredBuilds, AreListedInPagesByMergeCheck) {
  EXPECT_THAT(ask("GET", conditions_of("ACME", "web")).body,
              HasSubstr(R"("size":0,"limit":25,"isLastPage":true,"values":[])"));
  bitbucket.require_builds("ACME", "web", {"web", "web-deploy"});
  bitbucket.require_builds("ACME", "web", {"lint"});
  const std::string first = ask("GET", conditions_of("acme", "WEB") + "?limit=1").body;
  EXPECT_THAT(first, HasSubstr(R"("size":1,"limit":1,"isLastPage":false)"));
  EXPECT_THAT(first, HasSubstr(R"("id":1,"buildParentKeys":["web","web-deploy"])"));
  EXPECT_THAT(first, HasSubstr(R"("nextPageStart":1)"));
  const std::string second = ask("GET", conditions_of("ACME", "web") + "?limit=1&start=1").body;
  EXPECT_THAT(second, HasSubstr(R"("id":2,"buildParentKeys":["lint"])"));
  EXPECT_THAT(second, HasSubstr(R"("isLastPage":true)"));
}

TEST_F(RequiredBuilds, AreToldOnlyOfARepositoryThatIsThereAndMayBeRead) {
  EXPECT_THAT(ask("GET", conditions_of("NOPE", "web")).body, HasSubstr("NoSuchProjectException"));
  EXPECT_EQ(ask("GET", conditions_of("ACME", "none")).status, 404);
  bitbucket.forbid("ACME", "web");
  EXPECT_EQ(ask("GET", conditions_of("ACME", "web")).status, 401);
}

TEST_F(RequiredBuilds, AreNothingThatCanBePostedThere) {
  EXPECT_EQ(ask("POST", conditions_of("ACME", "web"), "{}").status, 405);
}

}  // namespace
}  // namespace connector::support
