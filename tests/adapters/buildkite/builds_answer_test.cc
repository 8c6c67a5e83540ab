// Buildkite's answers as documented, and as they should not be.
#include "buildkite/builds_answer.hh"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/timestamp.hh"

namespace connector::buildkite {
namespace {

// A build as Buildkite's documentation shows it, with jobs, nested objects and nulls.
const std::string documented = R"({
  "id": "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983", "graphql_id": "QnVpbGQtLS1mNjJh",
  "url": "https://api.buildkite.com/v2/organizations/acme-inc/pipelines/my-great-pipeline/builds/1",
  "web_url": "https://buildkite.com/acme-inc/my-great-pipeline/builds/1",
  "number": 1, "state": "passed", "blocked": false,
  "message": "Bumping to version 0.2-beta.6", "commit": "abcd0b72a1e580e90712cdd9eb26d3fb41cd09c8",
  "branch": "main", "env": {}, "source": "webhook",
  "creator": {"id": "3d3c3bf0", "name": "Keith Pitt", "email": "keith@buildkite.com"},
  "author": {"name": "Keith Pitt", "username": "keithpitt", "email": "keith@buildkite.com"},
  "created_at": "2015-05-09T21:05:59.874Z", "scheduled_at": "2015-05-09T21:05:59.874Z",
  "started_at": "2015-05-09T21:06:05.000Z", "finished_at": "2015-05-09T21:07:17.000Z",
  "meta_data": {}, "pull_request": {}, "rebuilt_from": null,
  "pipeline": {
    "id": "849411f9-9e6d-4739-a0d8-e247088e9b52", "name": "My great pipeline", "slug": "my-great-pipeline",
    "repository": "git@bitbucket.acme.com:acme-inc/my-pipeline.git", "default_branch": "main",
    "provider": {"id": "github", "settings": {"publish_commit_status": true}}, "steps": [{"type": "script"}]},
  "jobs": [{"id": "b63254c0", "type": "script", "name": ":package:", "state": "passed", "exit_status": 0}]})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

BuildsPage page(const std::string& body) {
  auto answer = decode_builds(body);
  if (const auto* none = std::get_if<NoPage>(&answer)) ADD_FAILURE() << none->text;
  return std::holds_alternative<BuildsPage>(answer) ? std::get<BuildsPage>(std::move(answer)) : BuildsPage{};
}

TEST(BuildsAnswer, DecodesTheDocumentedBuild) {
  const auto decoded = page("[" + documented + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  const Build& build = decoded.builds.front();
  EXPECT_EQ(build.id, "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983");
  EXPECT_EQ(build.number, 1U);
  EXPECT_EQ(build.state, BuildState::passed);
  EXPECT_FALSE(build.blocked);
  EXPECT_EQ(build.web_url, "https://buildkite.com/acme-inc/my-great-pipeline/builds/1");
  EXPECT_EQ(build.message, "Bumping to version 0.2-beta.6");
  EXPECT_EQ(build.commit, "abcd0b72a1e580e90712cdd9eb26d3fb41cd09c8");
  EXPECT_EQ(build.branch, "main");
  EXPECT_EQ(build.source, "webhook");
  EXPECT_EQ(build.pull_request, "");
  EXPECT_EQ(build.created_at, parse_timestamp("2015-05-09T21:05:59.874Z"));
  EXPECT_EQ(build.finished_at, parse_timestamp("2015-05-09T21:07:17Z"));
  EXPECT_EQ(build.pipeline.id, "849411f9-9e6d-4739-a0d8-e247088e9b52");
  EXPECT_EQ(build.pipeline.slug, "my-great-pipeline");
  EXPECT_EQ(build.pipeline.name, "My great pipeline");
  EXPECT_EQ(build.pipeline.repository, "git@bitbucket.acme.com:acme-inc/my-pipeline.git");
}

TEST(BuildsAnswer, DecodesNullsTagsPullRequestsAndTheOlderTimeForm) {
  std::string text = replaced(documented, "\"2015-05-09T21:05:59.874Z\"", "\"2013-09-03 13:24:38 UTC\"");
  text = replaced(text, "\"Bumping to version 0.2-beta.6\"", "null");
  text = replaced(text, "\"2015-05-09T21:07:17.000Z\"", "null");
  text =
      replaced(text, R"("pull_request": {})", R"("pull_request": {"id": "42", "base": "main"}, "tag": "v1")");
  text = replaced(text, "\"passed\"", "\"running\"");
  const auto decoded = page("[" + text + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  const Build& build = decoded.builds.front();
  EXPECT_EQ(build.created_at, parse_timestamp("2013-09-03T13:24:38Z"));
  EXPECT_EQ(build.message, "");
  EXPECT_FALSE(build.finished_at.has_value());
  EXPECT_EQ(build.pull_request, "42");
  EXPECT_EQ(build.tag, "v1");
}

TEST(BuildsAnswer, DecodesJobsAndDoesWithoutThoseItCannotRead) {
  const auto with_jobs = [](const std::string& jobs) {
    const std::string before = documented.substr(0, documented.find("  \"jobs\": "));
    return page("[" + before + "\"jobs\": " + jobs + "}]").builds.at(0).jobs;
  };
  const auto jobs = with_jobs(
      R"([{"id": "x", "type": "script", "name": ":test_tube: Tests", "step_key": "tests", "state": "failed",
           "web_url": "https://buildkite.com/acme#x", "command": "make test", "soft_failed": true, "retried": true,
           "started_at": "2015-05-09T21:05:59Z", "finished_at": "2015-05-09T21:06:59Z", "agent": {"id": "y"}},
          {"type": "waiter", "name": null, "step_key": null}])");
  ASSERT_TRUE(jobs.has_value());
  ASSERT_EQ(jobs->size(), 2U);
  const Job& job = jobs->front();
  EXPECT_EQ(job.type, "script");
  EXPECT_EQ(job.name, ":test_tube: Tests");
  EXPECT_EQ(job.step_key, "tests");
  EXPECT_EQ(job.state, "failed");
  EXPECT_EQ(job.web_url, "https://buildkite.com/acme#x");
  EXPECT_EQ(job.command, "make test");
  EXPECT_TRUE(job.soft_failed);
  EXPECT_TRUE(job.retried);
  EXPECT_EQ(job.started_at, parse_timestamp("2015-05-09T21:05:59Z"));
  EXPECT_EQ(job.finished_at, parse_timestamp("2015-05-09T21:06:59Z"));
  for (const char* unreadable : {"7", "[7]", R"([{"type": 7}])"}) {
    EXPECT_FALSE(with_jobs(unreadable).has_value()) << unreadable;
  }
  EXPECT_FALSE(with_jobs("null").has_value());
}

TEST(BuildsAnswer, KeepsAWordItDoesNotKnow) {
  const auto decoded = page("[" + replaced(documented, "\"passed\"", "\"pondering\"") + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  EXPECT_EQ(decoded.builds.front().state, BuildState::other);
  EXPECT_EQ(decoded.builds.front().state_word, "pondering");
}

TEST(BuildsAnswer, LeavesOutARecordThatMakesNoBuildAndNamesTheField) {
  struct Case {
    std::string from, to, field;
  };
  const std::vector<Case> cases = {{"\"number\": 1", "\"number\": \"one\"", "number"},
                                   {"\"number\": 1", "\"number\": -1", "number"},
                                   {"\"number\": 1", "\"number\": 1.5", "number"},
                                   {"\"number\": 1, ", "", "number"},
                                   {"\"state\": \"passed\"", "\"state\": null", "state"},
                                   {"\"2015-05-09T21:05:59.874Z\"", "\"2015-05-99T21:05:59Z\"", "created_at"},
                                   {"\"2015-05-09T21:05:59.874Z\"", "\"0001-01-01T00:00:00Z\"", "created_at"},
                                   {"\"2015-05-09T21:05:59.874Z\"", "\"9999-01-01T00:00:00Z\"", "created_at"},
                                   {"\"commit\": \"abcd", "\"commit\": {}, \"x\": \"abcd", "commit"},
                                   {"\"slug\": \"my-great-pipeline\",", "", "pipeline"}};
  for (const Case& c : cases) {
    const auto decoded = page("[" + replaced(documented, c.from, c.to) + "," + documented + "]");
    EXPECT_EQ(decoded.builds.size(), 1U) << c.to << ": the other record is a build";
    ASSERT_EQ(decoded.unreadable.size(), 1U) << c.to;
    EXPECT_NE(decoded.unreadable.front().find('"' + c.field + '"'), std::string::npos)
        << decoded.unreadable.front();
  }
}

TEST(BuildsAnswer, LeavesOutABuildWithoutPipeline) {
  const auto decoded =
      page(R"([{"id":"a","number":1,"state":"passed","created_at":"2026-01-01T00:00:00Z","pipeline":null}])");
  EXPECT_TRUE(decoded.builds.empty());
  EXPECT_EQ(decoded.unreadable.size(), 1U);
}

TEST(BuildsAnswer, KeepsWholeCharactersOfALongText) {
  const std::string rocket = "\xF0\x9F\x9A\x80";
  const std::string fits(4094, 'x');
  const auto decoded = page("[" + replaced(documented, "Bumping to version", fits + rocket) + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  EXPECT_EQ(decoded.builds.front().message, fits);
}

TEST(BuildsAnswer, ReadsAPageThatHoldsBytesThatAreNotUtf8) {
  const auto decoded = page("[" + replaced(documented, "Bumping", "B\xFFmping") + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  EXPECT_EQ(decoded.builds.front().message, "B\xEF\xBF\xBDmping to version 0.2-beta.6");
}

TEST(BuildsAnswer, LosesOnlyTheTextThatIsALoneSurrogate) {
  const auto decoded = page("[" + replaced(documented, "Bumping", "\\ud800") + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  EXPECT_EQ(decoded.builds.front().message, "");
}

TEST(BuildsAnswer, KeepsTheBeginningOfAHugeMessage) {
  const auto decoded = page("[" + replaced(documented, "Bumping", std::string(1'000'000, 'x')) + "]");
  ASSERT_EQ(decoded.builds.size(), 1U);
  EXPECT_LE(decoded.builds.front().message.size(), 4096U);
}

TEST(BuildsAnswer, IsNoListOfBuildsUnlessItIsAWholeJsonArray) {
  const std::string whole = "[" + documented + "]";
  for (const std::string& body :
       {std::string(), std::string("null"), std::string("{}"), std::string("[1]"),
        std::string("<html>login</html>"), std::string("[[]"), whole.substr(0, whole.size() - 1),
        whole.substr(0, whole.size() / 2), std::string(2000, '['), whole + "]"}) {
    const auto answer = decode_builds(body);
    ASSERT_TRUE(std::holds_alternative<NoPage>(answer)) << body.substr(0, 40);
    EXPECT_EQ(std::get<NoPage>(answer).cause, ExitStatus::protocol);
  }
  EXPECT_TRUE(page("[]").builds.empty());
}

TEST(BuildsAnswer, SaysWhatAnErrorMeansForThePass) {
  const auto cause = [](int status) {
    http::Response response;
    response.status = status;
    response.body = R"({"message":"secret details"})";
    const auto answer = read_builds(response);
    return std::get<NoPage>(answer).cause;
  };
  EXPECT_EQ(cause(401), ExitStatus::no_permission);
  EXPECT_EQ(cause(403), ExitStatus::no_permission);
  EXPECT_EQ(cause(404), ExitStatus::config);
  EXPECT_EQ(cause(429), ExitStatus::temp_fail);
  EXPECT_EQ(cause(503), ExitStatus::temp_fail);
  EXPECT_EQ(cause(302), ExitStatus::protocol);
}

http::Response answer(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.place = "api.buildkite.com /v2/organizations/acme-inc/builds";
  return response;
}

NoPage no_page(const BuildsAnswer& answer) {
  if (const auto* none = std::get_if<NoPage>(&answer)) return *none;
  ADD_FAILURE() << "there is a page";
  return {};
}

TEST(BuildAnswer, IsAPageWithThatBuild) {
  const auto read = read_build(answer(200, documented));
  ASSERT_TRUE(std::holds_alternative<BuildsPage>(read));
  const auto& found = std::get<BuildsPage>(read);
  ASSERT_EQ(found.builds.size(), 1U);
  EXPECT_EQ(found.builds.front().id, "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983");
  EXPECT_EQ(found.builds.front().pipeline.slug, "my-great-pipeline");
  EXPECT_TRUE(found.unreadable.empty());
  EXPECT_FALSE(found.server_says_more);
}

TEST(BuildAnswer, LeavesOutARecordThatMakesNoBuild) {
  const auto read = read_build(answer(200, replaced(documented, "\"number\": 1", "\"number\": null")));
  ASSERT_TRUE(std::holds_alternative<BuildsPage>(read));
  EXPECT_TRUE(std::get<BuildsPage>(read).builds.empty());
  EXPECT_EQ(std::get<BuildsPage>(read).unreadable.size(), 1U);
}

TEST(BuildAnswer, IsNoBuildUnlessItIsAWholeJsonObject) {
  for (const std::string& body :
       {std::string(), std::string("null"), std::string("[]"), "[" + documented + "]",
        std::string("<html>login</html>"), documented.substr(0, documented.size() / 2), documented + "}"}) {
    EXPECT_EQ(no_page(read_build(answer(200, body))).cause, ExitStatus::protocol) << body.substr(0, 40);
  }
}

TEST(BuildAnswer, SaysThatABuildIsNotThereOnlyWhereBuildkiteDoes) {
  EXPECT_TRUE(no_page(read_build(answer(404, R"({"message":"No build found"})"))).not_found);
  EXPECT_TRUE(no_page(read_builds(answer(404, R"({"message":"No pipeline found"})"))).not_found);
  for (const int status : {301, 400, 401, 403, 408, 410, 429, 500, 503}) {
    EXPECT_FALSE(no_page(read_build(answer(status, ""))).not_found) << status;
  }
  for (const auto kind : {http::FailureKind::unreachable, http::FailureKind::not_the_api,
                          http::FailureKind::proxy_login, http::FailureKind::not_begun}) {
    EXPECT_FALSE(no_page(read_build(http::Failure{kind, false, "no answer"})).not_found);
  }
}

TEST(BuildAnswer, TellsAFaultFromAReasonToWait) {
  EXPECT_TRUE(no_page(read_build(answer(429, ""))).told_to_wait);
  EXPECT_FALSE(no_page(read_build(answer(503, ""))).told_to_wait);
  const auto failed = [](http::FailureKind kind) {
    return no_page(read_build(http::Failure{kind, false, "no answer"}));
  };
  EXPECT_TRUE(failed(http::FailureKind::not_begun).told_to_wait);
  EXPECT_FALSE(failed(http::FailureKind::unreachable).told_to_wait);
  EXPECT_EQ(failed(http::FailureKind::unreachable).cause, ExitStatus::temp_fail);
  EXPECT_EQ(failed(http::FailureKind::not_the_api).cause, ExitStatus::protocol);
  EXPECT_EQ(failed(http::FailureKind::proxy_login).cause, ExitStatus::no_permission);
  EXPECT_EQ(failed(http::FailureKind::unreachable).text, "no answer");
}

TEST(BuildsAnswer, KnowsFromItsLinkHeaderWhetherThereIsMore) {
  const auto says_more = [](std::string_view link) {
    http::Response response = answer(200, "[]");
    response.headers.set("Link", link);
    return std::get<BuildsPage>(read_builds(response)).server_says_more;
  };
  EXPECT_TRUE(says_more(R"(<https://api.buildkite.com/v2/x?page=2>; rel="next")"));
  EXPECT_TRUE(says_more(R"(<https://x/?page=1>; rel="prev", <https://x/?page=3>; rel="next")"));
  EXPECT_FALSE(says_more(R"(<https://api.buildkite.com/v2/x?page=1>; rel="prev")"));
  EXPECT_FALSE(says_more(""));
}

}  // namespace
}  // namespace connector::buildkite
