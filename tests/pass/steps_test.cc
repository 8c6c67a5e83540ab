// One status per step (status.per_step), beside that of the build.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "pass/history.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::commit_named;

Job job(const std::string& label, const std::string& state) {
  Job made;
  made.type = "script";
  made.name = label;
  made.state = state;
  made.web_url = "https://buildkite.com/acme-inc/web/builds/1#" + label;
  made.started_at = support::noon;
  if (state == "passed" || state == "failed" || state == "canceled") made.finished_at = support::noon + 1min;
  return made;
}

struct StepHistory : support::WebHistory {
  StepHistory() { settings.rules.per_step = true; }

  /// The statuses of steps that a reviewer sees on commit "c", by label.
  [[nodiscard]] std::map<std::string, std::string> steps() const {
    const std::string before = support::a_pipeline("web").id + "/";
    std::map<std::string, std::string> states;
    for (const auto& record : peers.bitbucket.shown("ACME", "web", commit_named("c"))) {
      const std::string& key = record.status.key;
      if (key.starts_with(before)) states[key.substr(before.size())] = record.status.state;
    }
    return states;
  }

  void minute() {
    wait(1min);
    EXPECT_EQ(pass().status, ExitStatus::ok) << messages;
  }
};

using States = std::map<std::string, std::string>;

TEST(PerStep, ShowsTheStepsOfABuildBesideIt) {
  StepHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  organization.start("web", number);
  organization.set_jobs("web", number, {job("Lint", "passed"), job("Tests", "running")});
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "SUCCESSFUL"}, {"Tests", "INPROGRESS"}}));
  EXPECT_EQ(history.shown_on(commit_named("c")), "INPROGRESS");
  organization.set_jobs("web", number, {job("Lint", "passed"), job("Tests", "failed")});
  organization.fail("web", number);
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "SUCCESSFUL"}, {"Tests", "FAILED"}}));
  EXPECT_EQ(history.shown_on(commit_named("c")), "FAILED");
}

TEST(PerStep, SendsWhatHelpsWithTheStep) {
  StepHistory history;
  const auto number = history.organization.create("web", commit_named("c"), "main", "Fix the login page");
  Job tests = job(":test_tube: Tests", "failed");
  tests.step_key = "unit-tests";
  history.organization.set_jobs("web", number, {tests});
  history.organization.fail("web", number);
  history.minute();
  const std::string key = support::a_pipeline("web").id + "/unit-tests";
  for (const auto& record : history.peers.bitbucket.shown("ACME", "web", commit_named("c"))) {
    if (record.status.key != key) {
      EXPECT_NE(record.status.description.find(": Tests - Fix"), std::string::npos) << "of the build";
      continue;
    }
    EXPECT_EQ(record.status.name, "Web #1: Tests");
    EXPECT_EQ(record.status.description, "failed in 1 min - Fix the login page");
    EXPECT_EQ(record.status.url, tests.web_url);
    EXPECT_EQ(record.status.parent, "web/unit-tests");
  }
  EXPECT_EQ(history.steps(), (States{{"unit-tests", "FAILED"}}));
}

TEST(PerStep, LeavesNoOldRedStatusOfAStepThatVanishedFromARebuild) {
  StepHistory history;
  auto& organization = history.organization;
  const auto red = organization.create("web", commit_named("c"));
  organization.set_jobs("web", red, {job("Lint", "passed"), job("Flaky", "failed")});
  organization.fail("web", red);
  history.minute();
  const auto green = organization.rebuild("web", red);
  organization.start("web", green);
  organization.set_jobs("web", green, {job("Lint", "running")});
  history.minute();
  EXPECT_EQ(history.steps().at("Flaky"), "FAILED") << "it may still come";
  organization.set_jobs("web", green, {job("Lint", "passed")});
  organization.pass("web", green);
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Flaky", "SUCCESSFUL"}, {"Lint", "SUCCESSFUL"}}));
}

TEST(PerStep, EndsTheStepsThatABuildThatFailedDidNotComeTo) {
  StepHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  organization.start("web", number);
  organization.set_jobs("web", number, {job("Lint", "running"), job("Deploy", "scheduled")});
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Deploy", "INPROGRESS"}, {"Lint", "INPROGRESS"}}));
  organization.set_jobs("web", number, {job("Lint", "failed"), job("Deploy", "broken")});
  organization.fail("web", number);
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Deploy", "CANCELLED"}, {"Lint", "FAILED"}}));
}

TEST(PerStep, ShowsTheStepsOfTheNewestBuildInWhateverOrderTheyCome) {
  StepHistory history;
  auto& organization = history.organization;
  const auto first = organization.create("web", commit_named("c"));
  const auto second = organization.rebuild("web", first);
  organization.set_jobs("web", second, {job("Lint", "passed")});
  organization.pass("web", second);
  history.minute();
  organization.set_jobs("web", first, {job("Lint", "failed")});
  organization.fail("web", first);
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "SUCCESSFUL"}}));
}

TEST(PerStep, EndsTheStepsOfABuildThatWasDeleted) {
  StepHistory history;
  auto& organization = history.organization;
  organization.remove("web", organization.create("web", commit_named("unseen")));
  const auto number = organization.create("web", commit_named("c"));
  organization.start("web", number);
  organization.set_jobs("web", number, {job("Lint", "running")});
  history.minute();
  organization.remove("web", number);
  for (int i = 0; i < 9; ++i) {
    history.wait(5min);
    history.pass();
  }
  EXPECT_EQ(history.steps(), (States{{"Lint", "CANCELLED"}}));
  EXPECT_EQ(history.shown_on(commit_named("c")), "CANCELLED");
}

TEST(PerStep, ShowsTheStepsOfTheBuildThatDecidesAgainWhenTheNewestLosesItsVerdict) {
  StepHistory history;
  history.settings.rules.presentation.states.chosen[BuildState::canceled] = std::nullopt;
  auto& organization = history.organization;
  const auto green = organization.create("web", commit_named("c"));
  organization.set_jobs("web", green, {job("Lint", "passed")});
  organization.pass("web", green);
  history.minute();
  const auto again = organization.rebuild("web", green);
  organization.start("web", again);
  organization.set_jobs("web", again,
                        {job("Lint", "failed"), job("Extra", "failed"), job("Tests", "running")});
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Extra", "FAILED"}, {"Lint", "FAILED"}, {"Tests", "INPROGRESS"}}));
  organization.cancel("web", again);
  history.minute();
  history.minute();
  EXPECT_EQ(history.shown_on(commit_named("c")), "SUCCESSFUL");
  EXPECT_EQ(history.steps(),
            (States{{"Extra", "SUCCESSFUL"}, {"Lint", "SUCCESSFUL"}, {"Tests", "SUCCESSFUL"}}));
}

TEST(PerStep, EndsAStepThatTheRebuildDidNotComeToWhenNoBuildHasAVerdict) {
  StepHistory history;
  history.settings.rules.presentation.states.chosen[BuildState::canceled] = std::nullopt;
  auto& organization = history.organization;
  const auto first = organization.create("web", commit_named("c"));
  organization.start("web", first);
  organization.set_jobs("web", first, {job("Lint", "running"), job("Deploy", "scheduled")});
  history.minute();
  const auto second = organization.rebuild("web", first);
  organization.start("web", second);
  organization.set_jobs("web", second, {job("Lint", "running")});
  organization.cancel("web", first);
  history.minute();
  organization.cancel("web", second);
  history.minute();
  history.minute();
  EXPECT_EQ(history.shown_on(commit_named("c")), "CANCELLED");
  EXPECT_EQ(history.steps(), (States{{"Deploy", "CANCELLED"}, {"Lint", "CANCELLED"}}));
}

TEST(PerStep, GoesWithTheBranchWhoseBuildShowedItLastWhereBranchesHaveStatusesOfTheirOwn) {
  StepHistory history;
  history.settings.rules.presentation.templates.key = "{pipeline.id}-{build.branch}";
  history.settings.rules.presentation.states.chosen[BuildState::canceled] = std::nullopt;
  auto& organization = history.organization;
  const auto on_main = organization.create("web", commit_named("c"), "main");
  organization.set_jobs("web", on_main, {job("Lint", "passed")});
  organization.pass("web", on_main);
  history.minute();
  const auto on_topic = organization.create("web", commit_named("c"), "topic");
  organization.start("web", on_topic);
  organization.set_jobs("web", on_topic, {job("Lint", "running")});
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "INPROGRESS"}}));
  organization.cancel("web", on_topic);
  history.minute();
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "SUCCESSFUL"}}));
}

TEST(PerStep, LeavesNoStepInProgressWhenTheJobsOfAnEndedBuildCannotBeRead) {
  StepHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  organization.start("web", number);
  organization.set_jobs("web", number, {job("Lint", "failed"), job("Tests", "running")});
  history.minute();
  Job odd = job("Tests", "canceled");
  odd.finished_at = support::noon + std::chrono::years{9000};  // no time as RFC 3339 has it
  organization.set_jobs("web", number, {odd});
  organization.fail("web", number);
  history.minute();
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "FAILED"}, {"Tests", "CANCELLED"}}));
}

TEST(PerStep, TurnedOffLeavesNoStepInProgress) {
  StepHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  organization.start("web", number);
  organization.set_jobs("web", number, {job("Lint", "running"), job("Tests", "failed")});
  history.minute();
  history.settings.rules.per_step = false;
  organization.pass("web", number);
  history.minute();
  EXPECT_EQ(history.steps(), (States{{"Lint", "SUCCESSFUL"}, {"Tests", "SUCCESSFUL"}}));
}

TEST(PerStep, CostsNothingWhereNothingChanges) {
  StepHistory history;
  auto& organization = history.organization;
  const auto number = organization.create("web", commit_named("c"));
  organization.set_jobs("web", number, {job("Lint", "passed"), job("Flaky", "failed")});
  organization.fail("web", number);
  history.minute();
  history.peers.bitbucket_log.clear();
  history.peers.buildkite_log.clear();
  history.minute();
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
  EXPECT_EQ(history.peers.buildkite_log.size(), 3U);
}

}  // namespace
}  // namespace connector
