// The fake Buildkite keeps to the documentation of the REST API: other tests lean on it.
#include "support/fake_buildkite.hh"

#include <gmock/gmock.h>
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "support/a_build.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string header_of(const FakeAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return "";
}

class FakeBuildkiteTest : public ::testing::Test {
 protected:
  FakeAnswer get(const std::string& target) {
    return buildkite.handle({"GET", target, {{"authorization", "Bearer " + buildkite.settings().token}}, ""});
  }
  FakeAnswer list(const std::string& query) { return get("/v2/organizations/acme-inc/builds" + query); }

  // The numbers of the builds in the answer to a query, in its order.
  std::vector<std::uint64_t> listed(const std::string& query) {
    const simdjson::padded_string json(list(query).body);
    simdjson::dom::parser parser;
    std::vector<std::uint64_t> numbers;
    for (const simdjson::dom::element build : parser.parse(json).get_array()) {
      numbers.push_back(build["number"].get_uint64());
    }
    return numbers;
  }

  Organization organization{"acme-inc", noon + 1h};
  FakeBuildkite buildkite{organization};
};

TEST_F(FakeBuildkiteTest, AsksForTheToken) {
  const FakeAnswer answer = buildkite.handle({"GET", "/v2/organizations/acme-inc/builds", {}, ""});
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, HasSubstr("Authentication required"));
}

TEST_F(FakeBuildkiteTest, DoesNotKnowOtherOrganizations) {
  EXPECT_EQ(get("/v2/organizations/other/builds").status, 404);
  EXPECT_EQ(get("/v2/organizations/acme-inc").status, 200);
}

TEST_F(FakeBuildkiteTest, ForbidsWhatTheTokenHasNoScopeFor) {
  buildkite.settings().scopes = {"read_organizations"};
  EXPECT_EQ(list("").status, 403);
  EXPECT_THAT(get("/v2/access-token").body, HasSubstr(R"("scopes":["read_organizations"])"));
}

TEST_F(FakeBuildkiteTest, ShowsABuildAsDocumented) {
  organization.add(a_build().number(7).running().message("").created(noon));
  const std::string body = get("/v2/organizations/acme-inc/pipelines/web/builds/7").body;
  EXPECT_THAT(body, HasSubstr(R"("number":7,"state":"running")"));
  EXPECT_THAT(body, HasSubstr(R"("created_at":"2026-01-15T12:00:00.000Z")"));
  EXPECT_THAT(body, HasSubstr(R"("finished_at":null)"));
  EXPECT_THAT(body, HasSubstr(R"("pull_request":null)"));
  EXPECT_THAT(body, HasSubstr(R"("tag":null)"));
  EXPECT_THAT(body, HasSubstr(R"("jobs":[{)"));
  EXPECT_THAT(body, HasSubstr(R"("repository":"https://bitbucket.example.com/scm/acme/web.git")"));
  EXPECT_EQ(get("/v2/organizations/acme-inc/pipelines/web/builds/8").status, 404);
}

TEST_F(FakeBuildkiteTest, LeavesOutJobsAndPipelineOnRequest) {
  organization.add(a_build());
  EXPECT_THAT(list("?exclude_jobs=true").body, Not(HasSubstr("\"jobs\"")));
  EXPECT_THAT(list("?exclude_jobs=true").body, HasSubstr("\"pipeline\":{"));
  EXPECT_THAT(list("?exclude_pipeline=true").body, Not(HasSubstr("\"pipeline\":{")));
}

TEST_F(FakeBuildkiteTest, WritesTimesInTheOlderFormToo) {
  buildkite.settings().listing.json.times = TimeFormat::spaced;
  organization.add(a_build().created(noon));
  EXPECT_THAT(list("").body, HasSubstr(R"("created_at":"2026-01-15 12:00:00 UTC")"));
}

TEST_F(FakeBuildkiteTest, ListsNewestFirstInPages) {
  for (unsigned i = 1; i <= 65; ++i) organization.add(a_build().number(i).created(noon + i * 1s));
  EXPECT_THAT(listed(""), SizeIs(30));
  EXPECT_THAT(listed("?page=3"), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_THAT(listed("?page=4"), IsEmpty());
  EXPECT_THAT(listed("?per_page=1000"), SizeIs(65));
  const std::string first = header_of(list(""), "Link");
  EXPECT_THAT(first, HasSubstr("page=2>; rel=\"next\""));
  EXPECT_THAT(first, HasSubstr("page=3>; rel=\"last\""));
  EXPECT_THAT(first, HasSubstr("api_key="));
  EXPECT_THAT(header_of(list("?page=3"), "Link"), HasSubstr("page=2>; rel=\"prev\""));
  EXPECT_THAT(header_of(list("?page=3"), "Link"), Not(HasSubstr("next")));
  EXPECT_EQ(header_of(list("?per_page=100"), "Link"), "");
}

TEST_F(FakeBuildkiteTest, RefusesPagesTooDeep) {
  buildkite.settings().listing.deepest_build = 200;
  EXPECT_EQ(list("?page=2&per_page=100").status, 200);
  const FakeAnswer answer = list("?page=3&per_page=100");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("Listing builds this deep is not supported"));
}

struct FilterCase {
  std::string query;
  std::vector<std::uint64_t> found;
};

void PrintTo(const FilterCase& row, std::ostream* out) {
  *out << row.query;
}

class FilterTest : public FakeBuildkiteTest, public ::testing::WithParamInterface<FilterCase> {};

TEST_P(FilterTest, FindsWhatTheQueryAsksFor) {
  organization.add(a_build().number(1).passed().created(noon).commit(commit_named("a")));
  organization.add(a_build().number(2).passed().blocked().created(noon + 10min).on("feature/x"));
  organization.add(a_build().number(3).skipped().created(noon + 20min));
  organization.add(a_build().number(4).running().created(noon + 30min).commit("HEAD"));
  EXPECT_EQ(listed(GetParam().query), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Filters, FilterTest,
    ::testing::Values(FilterCase{"", {4, 3, 2, 1}},  //
                      FilterCase{"?created_from=2026-01-15T12:10:00Z", {4, 3, 2}},
                      FilterCase{"?created_to=2026-01-15T12:10:00Z", {1}},
                      FilterCase{"?finished_from=2026-01-15T12:12:00Z", {3, 2}},
                      FilterCase{"?state=finished", {2, 1}},  //
                      FilterCase{"?state[]=running&state[]=skipped", {4, 3}},
                      FilterCase{"?state%5B%5D=blocked", {2}},  //
                      FilterCase{"?branch=feature/*", {2}},     //
                      FilterCase{"?commit[]=" + commit_named("a") + "&commit[]=" + commit_named("b"), {1}},
                      FilterCase{"?commit=HEAD", {}},  //
                      FilterCase{"?colour=blue", {4, 3, 2, 1}}));

TEST_F(FakeBuildkiteTest, RefusesATimeWhosePlusWasNotEncoded) {
  EXPECT_EQ(list("?created_from=2026-01-15T12:00:00+00:00").status, 400);
  EXPECT_EQ(list("?created_from=2026-01-15T12:00:00%2B00:00").status, 200);
}

TEST_F(FakeBuildkiteTest, CountsRequestsOfTheUserAndOfEverybody) {
  buildkite.settings().user_limit = 2;
  EXPECT_EQ(header_of(list(""), "RateLimit-User-Remaining"), "1");
  organization.advance(20s);
  EXPECT_EQ(header_of(list(""), "RateLimit-Remaining"), "198");
  const FakeAnswer answer = list("");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header_of(answer, "RateLimit-User-Reset"), "40");
  EXPECT_EQ(header_of(answer, "Retry-After"), "");
  EXPECT_THAT(answer.body, HasSubstr(R"("scope":"rest_user","limit":2,"current":3,"reset":40)"));
  organization.advance(40s);
  EXPECT_EQ(list("").status, 200);
  buildkite.spend_organization_quota(199);
  EXPECT_THAT(list("").body, HasSubstr(R"("scope":"rest")"));
}

TEST_F(FakeBuildkiteTest, SaysTheTimeOfTheModel) {
  EXPECT_EQ(header_of(list(""), "Date"), "Thu, 15 Jan 2026 13:00:00 GMT");
  organization.set_now(std::chrono::sys_days{std::chrono::year{2028} / 2 / 29} + 23h + 59min + 59s + 999ms);
  EXPECT_EQ(header_of(list(""), "Date"), "Tue, 29 Feb 2028 23:59:59 GMT");
}

TEST_F(FakeBuildkiteTest, ShowsNewBuildsInListingsOnlyAfterTheLag) {
  organization.habits().listing_lag = 10s;
  organization.add_pipeline(a_pipeline("web"));
  const std::uint64_t number = organization.create("web", commit_named("a"));
  EXPECT_THAT(listed(""), IsEmpty());
  EXPECT_EQ(get("/v2/organizations/acme-inc/pipelines/web/builds/1").status, 200);
  organization.advance(10s);
  EXPECT_THAT(listed(""), ElementsAre(number));
}

TEST_F(FakeBuildkiteTest, FollowsABuildThroughItsLife) {
  organization.add_pipeline(a_pipeline("web"));
  const std::uint64_t number = organization.create("web", "HEAD");
  const Build& build = organization.build("web", number).build;
  EXPECT_EQ(build.state, BuildState::scheduled);
  organization.start("web", number);
  organization.resolve_commit("web", number, commit_named("a"));
  organization.begin_failing("web", number);
  organization.fail("web", number);
  EXPECT_EQ(build.finished_at, organization.now());
  organization.retry("web", number);
  EXPECT_EQ(build.state, BuildState::running);
  EXPECT_FALSE(build.finished_at);
  organization.block("web", number);
  EXPECT_TRUE(build.blocked);
  EXPECT_EQ(build.state_word, "passed");
  EXPECT_EQ(organization.rebuild("web", number), 2);
  organization.remove("web", 2);
  EXPECT_EQ(organization.create("web", "HEAD"), 3) << "numbers of deleted builds are not used again";
}

TEST_F(FakeBuildkiteTest, MayKeepTheTimeOfTheFirstEndOfAReopenedBuild) {
  organization.habits() = {false, false, 0ms};
  organization.add(a_build().failed().finished(noon + 1min));
  organization.retry("web", 1);
  EXPECT_EQ(organization.build("web", 1).build.finished_at, noon + 1min);
  organization.pass("web", 1);
  EXPECT_EQ(organization.build("web", 1).build.finished_at, noon + 1min);
}

}  // namespace
}  // namespace connector::support
