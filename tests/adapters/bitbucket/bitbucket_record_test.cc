// Reading back what Bitbucket shows for a key.
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "bitbucket/answers.hh"
#include "bitbucket/status_request.hh"
#include "core/ledger/ledger.hh"
#include "core/text/text.hh"

namespace connector::bitbucket {
namespace {

const StatusKey key{{"ACME", "web"}, std::string(40, 'a'), "web-pipeline"};
const std::string url = "https://buildkite.com/acme-inc/web/builds/7";

/// A server that has the repository-scoped endpoint with its GET, since 7.14, and knows CANCELLED and
/// UNKNOWN, since 8.0.
Capabilities server(bool repository_builds, bool cancelled_state) {
  Capabilities capabilities;
  capabilities.repository_builds = repository_builds;
  capabilities.reading_by_key = repository_builds;
  capabilities.cancelled_state = cancelled_state;
  return capabilities;
}

http::Response answer(int status, std::string body, std::string_view type = "application/json") {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.set("Content-Type", type);
  return response;
}

/// The record that was read; a failure to read counts as a failure of the test.
std::optional<Record> record_of(const http::Outcome& outcome) {
  const auto read = read_record(outcome, key);
  if (const auto* failure = std::get_if<Delivery>(&read)) {
    ADD_FAILURE() << failure->text;
    return std::nullopt;
  }
  return std::get<std::optional<Record>>(read);
}

/// How reading the record failed.
Delivery failure_of(const http::Outcome& outcome) {
  const auto read = read_record(outcome, key);
  if (const auto* failure = std::get_if<Delivery>(&read)) return *failure;
  ADD_FAILURE() << "read a record or its absence";
  return Delivery{DeliveryResult::delivered, false, {}};
}

TEST(RecordRequest, AsksForTheKeyWhereStatusesOfTheRepositoryArePosted) {
  const auto request = record_request(key, server(true, true));
  EXPECT_EQ(request.peer, http::PeerId::bitbucket);
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.body, "");
  EXPECT_LE(request.body_limit, std::size_t{1} << 20U);
  EXPECT_EQ(request.target,
            "/rest/api/latest/projects/ACME/repos/web/commits/" + key.commit + "/builds?key=web-pipeline");
}

TEST(RecordRequest, AsksForTheNewestRecordsOnTheLegacyEndpoint) {
  const std::string legacy = "/rest/build-status/1.0/commits/" + key.commit + "?orderBy=NEWEST&limit=100";
  EXPECT_EQ(record_request(key, server(false, false)).target, legacy);
  StatusKey unmapped = key;
  unmapped.repository = {};
  EXPECT_EQ(record_request(unmapped, server(true, true)).target, legacy);
  Capabilities from_7_4_on;
  from_7_4_on.repository_builds = true;
  EXPECT_EQ(record_request(key, from_7_4_on).target, legacy) << "posted by key, but not to be read by it";
}

TEST(RecordRequest, EscapesWhatUsersWroteIntoTheirKeys) {
  StatusKey odd = key;
  odd.repository = {"~jürgen", "a b"};
  odd.key = "web/main&x=1 #7?+%";
  EXPECT_EQ(record_request(odd, server(true, true)).target,
            "/rest/api/latest/projects/~j%C3%BCrgen/repos/a%20b/commits/" + key.commit +
                "/builds?key=web%2Fmain%26x%3D1%20%237%3F%2B%25");
}

TEST(RecordAnswer, IsTheOneOfTheKey) {
  const auto record = record_of(
      answer(200, R"({"name":"Web #7","url":")" + url + R"(","state":"FAILED","key":"web-pipeline"})"));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, "FAILED");
  EXPECT_EQ(record->url, url);
}

TEST(RecordAnswer, IsFoundAmongThoseOfAPage) {
  const auto record = record_of(answer(
      200, R"({"size":3,"limit":100,"isLastPage":true,"values":[)"
           R"({"key":"other","state":"SUCCESSFUL","url":"https://ci.example.com/1"},)"
           R"({"state":"INPROGRESS","key":"web-pipeline","url":"https://buildkite.com/7"},)"
           R"({"key":"web-pipeline-2","state":"FAILED","url":"https://ci.example.com/2"}],"start":0})"));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, "INPROGRESS");
  EXPECT_EQ(record->url, "https://buildkite.com/7");
}

/// A record of our key with `url`, with more fields at its end.
std::string row(std::string_view address, std::string_view more) {
  return R"({"key":"web-pipeline","state":"FAILED","url":")" + std::string(address) + "\"" +
         std::string(more) + "}";
}

/// The url of the record that was found among those of a commit; empty when none is ours.
std::string found_among(const std::vector<std::string>& rows, const StatusKey& wanted) {
  std::string page;
  for (const std::string& each : rows) page += (page.empty() ? "" : ",") + each;
  const auto read = read_record(answer(200, R"({"isLastPage":true,"values":[)" + page + "]}"), wanted);
  const auto* found = std::get_if<std::optional<Record>>(&read);
  return found != nullptr && *found ? (*found)->url : "";
}

TEST(RecordAnswer, IsThatOfTheRepositoryAmongThoseOfTheCommit) {
  const std::string fork = row("fork", R"(,"projectKey":"~JSMITH","repositorySlug":"web")");
  const std::string sibling = row("sibling", R"(,"projectKey":"ACME","repositorySlug":"web2")");
  const std::string ours = row("ours", R"(,"projectKey":"acme","repositorySlug":"WEB")");
  const std::string unnamed = row("unnamed", R"(,"projectKey":null)");
  const std::string older = row("older", "");
  EXPECT_EQ(found_among({fork, unnamed, ours}, key), "ours");
  EXPECT_EQ(found_among({fork, sibling, unnamed, older}, key), "unnamed") << "the newest comes first";
  EXPECT_EQ(found_among({fork, sibling}, key), "");
  StatusKey unmapped = key;
  unmapped.repository = {};
  EXPECT_EQ(found_among({ours, unnamed}, unmapped), "unnamed");
  EXPECT_EQ(found_among({ours}, unmapped), "");
}

TEST(RecordAnswer, IsAbsentWhereBitbucketSaysSo) {
  EXPECT_FALSE(record_of(answer(404, R"({"errors":[{"message":"No build status"}]})")).has_value());
  EXPECT_FALSE(record_of(answer(404, "")).has_value());
  EXPECT_FALSE(record_of(answer(405, "")).has_value()) << "before 7.14 nothing could be read by key";
  EXPECT_FALSE(record_of(answer(200, R"({"values":[],"size":0})")).has_value());
  EXPECT_FALSE(record_of(answer(200, R"({"values":[{"key":"other","state":"FAILED"}]})")).has_value());
  EXPECT_FALSE(record_of(answer(200, R"({"key":"WEB-PIPELINE","state":"FAILED"})")).has_value());
  EXPECT_FALSE(record_of(answer(200, R"({"state":"FAILED"})")).has_value());
}

TEST(RecordAnswer, MayLackStateAndUrl) {
  const auto record = record_of(answer(200, R"({"key":"web-pipeline","state":null,"url":7})"));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, "");
  EXPECT_EQ(record->url, "");
}

struct UnreadableRow {
  std::string_view what;
  int status;
  std::string_view body;
  std::string_view type;
  DeliveryResult result;
};

void PrintTo(const UnreadableRow& row, std::ostream* out) {
  *out << row.what;
}

class UnreadableRecord : public testing::TestWithParam<UnreadableRow> {};

TEST_P(UnreadableRecord, SaysWhatIsWrong) {
  const auto& row = GetParam();
  const Delivery failure = failure_of(answer(row.status, std::string(row.body), row.type));
  EXPECT_EQ(failure.result, row.result);
  EXPECT_NE(failure.text, "");
}

constexpr std::string_view json = "application/json";
constexpr std::string_view html = "text/html;charset=UTF-8";

INSTANTIATE_TEST_SUITE_P(
    Answers, UnreadableRecord,
    testing::Values(
        UnreadableRow{"web page", 200, "<title>Log in</title>", html, DeliveryResult::not_the_api},
        UnreadableRow{"web page that says nothing of it", 200, "\n<!DOCTYPE html>", json,
                      DeliveryResult::not_the_api},
        UnreadableRow{"absent by a web page", 404, "<html>", html, DeliveryResult::not_the_api},
        UnreadableRow{"not allowed by a web page", 405, "<html>", html, DeliveryResult::not_the_api},
        UnreadableRow{"redirect", 302, "", json, DeliveryResult::not_the_api},
        UnreadableRow{"success without content", 204, "", json, DeliveryResult::not_the_api},
        UnreadableRow{"empty", 200, "", json, DeliveryResult::not_the_api},
        UnreadableRow{"text", 200, "ok", json, DeliveryResult::not_the_api},
        UnreadableRow{"array", 200, "[]", json, DeliveryResult::not_the_api},
        UnreadableRow{"cut object", 200, R"({"key":"web-pipeline","state":"FAI)", json,
                      DeliveryResult::not_the_api},
        UnreadableRow{"page of no records", 200, R"({"values":[7]})", json, DeliveryResult::not_the_api},
        UnreadableRow{"refused login", 401, "", json, DeliveryResult::bad_login},
        UnreadableRow{"forbidden", 403, "", json, DeliveryResult::refused},
        UnreadableRow{"refused", 400, R"({"errors":[{"message":"bad key"}]})", json, DeliveryResult::refused},
        UnreadableRow{"too many requests", 429, "", json, DeliveryResult::try_later},
        UnreadableRow{"server error", 503, "", json, DeliveryResult::try_later}));

TEST(UnreadableRecordText, TellsAWebPageFromOtherAnswersThatAreNotBitbuckets) {
  EXPECT_NE(failure_of(answer(200, "<title>Log in</title>", html)).text.find("a web page"),
            std::string::npos);
  EXPECT_EQ(
      failure_of(answer(200, "ok")).text,
      "the answer to the reading of a build status is not Bitbucket's; check bitbucket.url (BITBUCKET_URL)");
}

TEST(RecordRequestFailure, PassesOnWhyThereIsNoAnswer) {
  const Delivery failure =
      failure_of(http::Failure{http::FailureKind::unreachable, false, "bitbucket.example.com: time-out"});
  EXPECT_EQ(failure.result, DeliveryResult::try_later);
  EXPECT_EQ(failure.text, "bitbucket.example.com: time-out");
  EXPECT_EQ(failure_of(http::Failure{http::FailureKind::proxy_login, false, "proxy"}).result,
            DeliveryResult::proxy_login);
}

struct ShownRow {
  std::string_view what;
  Record record;
  BitbucketState told;
  Capabilities server;
  bool shown;
};

TEST(Record, ShowsWhatWasToldInTheWordsOfTheServer) {
  const std::string other_url = "https://buildkite.com/acme-inc/web/builds/6";
  const Capabilities modern = server(true, true);
  const Capabilities before_8 = server(true, false);
  const std::vector<ShownRow> rows = {
      {"the same", {"SUCCESSFUL", url}, BitbucketState::successful, modern, true},
      {"another state", {"INPROGRESS", url}, BitbucketState::successful, modern, false},
      {"another build", {"SUCCESSFUL", other_url}, BitbucketState::successful, modern, false},
      {"nothing readable", {"", ""}, BitbucketState::successful, modern, false},
      {"cancelled", {"CANCELLED", url}, BitbucketState::cancelled, modern, true},
      {"failed for cancelled", {"FAILED", url}, BitbucketState::cancelled, modern, false},
      {"failed for cancelled, 7.4", {"FAILED", url}, BitbucketState::cancelled, before_8, true},
      {"failed for cancelled, legacy", {"FAILED", url}, BitbucketState::cancelled, server(false, true), true},
      {"unknown", {"UNKNOWN", url}, BitbucketState::unknown, modern, true},
      {"told as unknown", {"FAILED", url}, BitbucketState::unknown, modern, false},
      {"nothing was told", {"FAILED", other_url}, BitbucketState::unknown, before_8, true}};
  for (const ShownRow& row : rows) {
    EXPECT_EQ(shows(row.record, key, Told{row.told, 7, fnv1a64(url)}, row.server), row.shown) << row.what;
  }
}

TEST(Record, OfAPipelineWithoutARepositoryShowsTheWordsOfTheLegacyEndpoint) {
  StatusKey unmapped = key;
  unmapped.repository = {};
  const Told told{BitbucketState::cancelled, 7, fnv1a64(url)};
  EXPECT_TRUE(shows({"FAILED", url}, unmapped, told, server(true, true)));
  EXPECT_FALSE(shows({"CANCELLED", url}, unmapped, told, server(true, true)));
}

}  // namespace
}  // namespace connector::bitbucket
