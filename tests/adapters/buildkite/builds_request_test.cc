// Requests to Buildkite.
#include "buildkite/builds_request.hh"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/text/timestamp.hh"

namespace connector::buildkite {
namespace {

TEST(BuildsRequest, AsksForFullPagesWithoutJobsButWithPipelines) {
  BuildQuery query;
  query.created_from = parse_timestamp("2026-01-01T10:00:00.999Z");
  query.created_to = parse_timestamp("2026-01-02T00:00:00Z");
  EXPECT_EQ(builds_request("acme-inc", query).target,
            "/v2/organizations/acme-inc/builds?exclude_jobs=true&per_page=100"
            "&created_from=2026-01-01T10%3A00%3A00Z&created_to=2026-01-02T00%3A00%3A00Z");
}

TEST(BuildsRequest, AsksForOpenBuildsByState) {
  BuildQuery query;
  query.open_only = true;
  query.page = 2;
  EXPECT_EQ(
      builds_request("acme-inc", query).target,
      "/v2/organizations/acme-inc/builds?exclude_jobs=true&per_page=100&page=2&state[]=creating&state[]=scheduled"
      "&state[]=running&state[]=failing&state[]=canceling");
}

TEST(BuildsRequest, AsksForTheBuildsOfCommitsAndForThoseThatEnded) {
  BuildQuery query;
  query.finished_from = parse_timestamp("2026-01-01T10:00:00Z");
  query.commits = {"aaaa", "bbbb"};
  query.per_page = 30;
  EXPECT_EQ(builds_request("acme-inc", query).target,
            "/v2/organizations/acme-inc/builds?exclude_jobs=true&per_page=30"
            "&finished_from=2026-01-01T10%3A00%3A00Z&commit[]=aaaa&commit[]=bbbb");
}

TEST(BuildRequest, AsksForOneBuildByItsNumber) {
  const auto request = build_request("acme-inc", "web", 18'446'744'073'709'551'615U, false);
  EXPECT_EQ(request.peer, http::PeerId::buildkite);
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.target,
            "/v2/organizations/acme-inc/pipelines/web/builds/18446744073709551615?exclude_jobs=true");
}

TEST(BuildsRequest, AsksForJobsAndBranchesOnlyWhenTold) {
  BuildQuery query;
  query.jobs = true;
  query.per_page = 25;
  query.branches = {"main", "release/1 & 2"};
  EXPECT_EQ(builds_request("acme-inc", query).target,
            "/v2/organizations/acme-inc/builds?per_page=25&branch[]=main&branch[]=release%2F1%20%26%202");
  EXPECT_EQ(build_request("acme-inc", "web", 7, true).target,
            "/v2/organizations/acme-inc/pipelines/web/builds/7");
  EXPECT_GE(builds_request("acme-inc", query).body_limit, std::size_t{100'000'000})
      << "25 builds of more than a thousand jobs, 3 kB each";
}

TEST(PipelineRequest, AsksForItsNewestBuildAlone) {
  const auto request = pipeline_request("acme-inc", "web");
  EXPECT_EQ(request.peer, http::PeerId::buildkite);
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.target, "/v2/organizations/acme-inc/pipelines/web/builds?exclude_jobs=true&per_page=1");
}

TEST(BuildRequest, LetsNoOddSlugReachForSomethingElse) {
  struct Case {
    std::string_view slug, escaped;
  };
  const std::vector<Case> cases = {{"a b", "a%20b"},
                                   {"../x", "..%2Fx"},
                                   {"a?page=2&b", "a%3Fpage%3D2%26b"},
                                   {"a#b", "a%23b"},
                                   {"100%", "100%25"},
                                   {"\xC3\xA4-\n", "%C3%A4-%0A"},
                                   {"web_1.0~x-y", "web_1.0~x-y"}};
  for (const auto& [slug, escaped] : cases) {
    const std::string organizations = "/v2/organizations/" + std::string(escaped);
    const std::string pipelines = organizations + "/pipelines/" + std::string(escaped);
    EXPECT_EQ(build_request(slug, slug, 7, false).target, pipelines + "/builds/7?exclude_jobs=true");
    EXPECT_EQ(pipeline_request(slug, slug).target, pipelines + "/builds?exclude_jobs=true&per_page=1");
    EXPECT_EQ(builds_request(slug, {}).target, organizations + "/builds?exclude_jobs=true&per_page=100");
  }
}

}  // namespace
}  // namespace connector::buildkite
