// --adopt: what the Ruby daemon left on the legacy endpoint, on servers that keep one record for both
// endpoints and on those that keep two.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/text/json_text.hh"
#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::History;
using support::noon;
using namespace std::chrono_literals;

/// Builds 1 to 3 of pipeline web passed, each on its commit; the daemon called them in progress.
struct AfterTheDaemon : testing::TestWithParam<bool> {
  AfterTheDaemon() {
    history.peers.bitbucket.settings().shares_records = GetParam();
    history.add_passed_builds(1, 3, noon - 10min, 1min);
    for (const auto* number : {"1", "2", "3"}) leave(commit_named(number), "INPROGRESS", "old");
  }

  /// A record as the daemon posted it.
  void leave(const std::string& commit, const std::string& state, const std::string& url) {
    support::FakeRequest request;
    request.method = "POST";
    request.target = "/rest/build-status/1.0/commits/" + commit;
    request.headers = {{"content-type", "application/json"},
                       {"authorization", "Basic " + support::base64(login.username + ':' + login.password)}};
    JsonWriter json(request.body);
    json.begin_object();
    json.key("state").value(state).key("key").value(support::a_pipeline("web").id);
    json.key("name").value("Buildkite build 1").key("url").value(url).key("description").value("fix");
    json.end_object();
    ASSERT_EQ(history.peers.bitbucket.handle(request).status, 204);
  }
  /// The states that a reviewer sees on a commit.
  [[nodiscard]] std::vector<std::string> states(const std::string& commit) const {
    std::vector<std::string> found;
    for (const auto& record : history.peers.bitbucket.shown("ACME", "web", commit))
      found.push_back(record.status.state);
    return found;
  }
  pass::Report adopt() {
    history.settings.adopt = true;
    history.settings.since = LookBack{std::nullopt, 24h};
    const auto report = history.pass();
    history.settings.adopt = false;
    history.settings.since.reset();
    return report;
  }

  History history;
  const support::Credentials login = history.peers.bitbucket.settings().credentials;
  const std::vector<std::string> all_passed =
      std::vector<std::string>(GetParam() ? 1 : 2, "SUCCESSFUL");  // two records show twice
};

TEST_P(AfterTheDaemon, AnOrdinaryPassLeavesItsRecordsAsTheyAre) {
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(states(commit_named("1")).size(), all_passed.size());
  EXPECT_EQ(history.peers.bitbucket_log.count("GET", "/build-status/"), 0U);
}

TEST_P(AfterTheDaemon, AdoptingBringsItsRecordsUpToDate) {
  const auto report = adopt();
  EXPECT_EQ(report.status, ExitStatus::ok) << history.messages;
  for (const auto* number : {"1", "2", "3"}) EXPECT_EQ(states(commit_named(number)), all_passed);
  EXPECT_EQ(report.counts.adopted, GetParam() ? 0U : 3U);
}

TEST_P(AfterTheDaemon, AdoptingAlsoLooksAtBuildsThatAnEarlierPassReported) {
  history.pass();
  history.wait(3h);
  EXPECT_EQ(adopt().status, ExitStatus::ok);
  EXPECT_EQ(states(commit_named("1")), all_passed);
}

TEST_P(AfterTheDaemon, AdoptingTwicePostsNothingTwice) {
  adopt();
  history.wait(1min);
  history.peers.bitbucket_log.clear();
  EXPECT_EQ(adopt().counts.adopted, 0U);
  EXPECT_EQ(history.peers.bitbucket_log.count("POST"), 0U);
}

TEST_P(AfterTheDaemon, AdoptingLosesNothingThatRequiredBuildsNeed) {
  adopt();
  const auto records = history.peers.bitbucket.shown("ACME", "web", commit_named("1"));
  EXPECT_TRUE(std::any_of(records.begin(), records.end(),
                          [](const auto& record) { return record.status.parent == "web"; }));
}

TEST_P(AfterTheDaemon, AdoptingLeavesRecordsUnderOtherKeysAndOpenBuilds) {
  leave(commit_named("open"), "INPROGRESS", "old");
  history.peers.organization.add(
      a_build().of("web").number(9).commit(commit_named("open")).created(noon - 1min).running());
  EXPECT_EQ(adopt().counts.left_open, 1U);
  EXPECT_EQ(states(commit_named("open")).back(), "INPROGRESS");
}

TEST_P(AfterTheDaemon, AdoptingKeepsNothingInTheStateThatOnlyItNeeded) {
  adopt();
  for (const LedgerEntry& entry : history.state.ledger.entries()) EXPECT_FALSE(entry.last_status.has_value());
}

TEST_P(AfterTheDaemon, AdoptingSaysSoWhenItCouldNotReadEverything) {
  history.peers.bitbucket_faults.whenever(
      [](const support::FakeRequest& request) {
        return request.method == "GET" && request.target.find("/build-status/") != std::string::npos;
      },
      support::answer_status(503));
  EXPECT_EQ(adopt().status, ExitStatus::temp_fail);
}

INSTANTIATE_TEST_SUITE_P(Servers, AfterTheDaemon, testing::Bool(), [](const auto& shares) {
  return shares.param ? "WithOneRecord" : "WithTwoRecords";
});

}  // namespace
}  // namespace connector
