// What servers of each version answer (OpenAPI texts of 9.4 and 10.2; BSERV-19804; javadoc of BuildState).
#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "adapters/fakes/fake_bitbucket_fixture.hh"

namespace connector::support {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Version {
  std::string name;
  BitbucketProfile profile;
  std::string number;        // as application-properties begins
  std::string capabilities;  // the body; empty where there is no such resource
  int post, get, remove, cancelled, conditions;
};

void PrintTo(const Version& version, std::ostream* out) {
  *out << version.profile.version;
}

const std::string rich = R"({"buildStatus":["richBuildStatus"]})";
const std::string rich_and_cancelled = R"({"buildStatus":["richBuildStatus","cancelledStatus"]})";

class EachVersion : public FakeBitbucketTest, public ::testing::WithParamInterface<Version> {
 protected:
  EachVersion() { bitbucket.settings().profile = GetParam().profile; }
};

TEST_P(EachVersion, NamesItself) {
  EXPECT_THAT(ask("GET", "/rest/api/1.0/application-properties").body,
              HasSubstr(R"("version":")" + GetParam().number + '.'));
}

TEST_P(EachVersion, TellsItsCapabilitiesSince714) {
  const FakeAnswer answer = ask("GET", "/rest/api/latest/build/capabilities");
  EXPECT_EQ(answer.status, GetParam().capabilities.empty() ? 404 : 200);
  EXPECT_THAT(answer.body, HasSubstr(GetParam().capabilities));
}

TEST_P(EachVersion, TakesAStatusForARepositorySince74) {
  EXPECT_EQ(post(status("web", "SUCCESSFUL")).status, GetParam().post);
  EXPECT_THAT(bitbucket.shown("ACME", "web", commit), SizeIs(GetParam().post == 204 ? 1 : 0));
}

TEST_P(EachVersion, ReadsAndDeletesAStatusByItsKeySince714) {
  post(status("web", "SUCCESSFUL"));
  const auto before = bitbucket.record_count();
  EXPECT_EQ(ask("GET", builds + "?key=web").status, GetParam().get);
  EXPECT_EQ(ask("DELETE", builds + "?key=web").status, GetParam().remove);
  EXPECT_EQ(bitbucket.record_count(), GetParam().remove == 204 ? 0U : before);
}

TEST_P(EachVersion, KnowsCancelledAndUnknownSince80) {
  EXPECT_EQ(post(status("web", "CANCELLED")).status, GetParam().cancelled);
  EXPECT_EQ(post(status("web", "UNKNOWN")).status, GetParam().cancelled);
}

TEST_P(EachVersion, TellsRequiredBuildsSince714) {
  bitbucket.require_builds("ACME", "web", {"web"});
  EXPECT_EQ(ask("GET", conditions_of("ACME", "web")).status, GetParam().conditions);
}

TEST_P(EachVersion, TakesThreeStatesOnTheOldEndpoint) {
  for (const char* state : {"SUCCESSFUL", "FAILED", "INPROGRESS"})
    EXPECT_EQ(post_legacy(status("web", state)).status, 204) << state;
  for (const char* state : {"CANCELLED", "UNKNOWN"})
    EXPECT_EQ(post_legacy(status("web", state)).status, 400) << state;
  EXPECT_EQ(bitbucket.shown_state("ACME", "web", commit, "web"), "INPROGRESS");
  EXPECT_EQ(ask("GET", legacy).status, 200);
  EXPECT_EQ(ask("DELETE", legacy).status, 405);
}

INSTANTIATE_TEST_SUITE_P(
    Bitbucket, EachVersion,
    ::testing::Values(Version{"v5_16", bitbucket_5(), "5.16", "", 404, 404, 404, 404, 404},
                      Version{"v7_4", bitbucket_7_4(), "7.4", "", 204, 405, 405, 400, 404},
                      Version{"v7_21", bitbucket_7(), "7.21", rich, 204, 200, 204, 400, 200},
                      Version{"v8_19", bitbucket_8(), "8.19", rich_and_cancelled, 204, 200, 204, 204, 200},
                      Version{"v10_2", bitbucket_10(), "10.2", rich_and_cancelled, 204, 200, 204, 204, 200}),
    [](const auto& row) { return row.param.name; });

TEST_F(FakeBitbucketTest, IsOfVersion819UnlessAskedForAnother) {
  EXPECT_EQ(bitbucket.settings().profile.version, bitbucket_8().version);
}

}  // namespace
}  // namespace connector::support
