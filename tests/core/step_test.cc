// The steps of a build, from its jobs.
#include "core/build/step.hh"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::a_build;
using support::noon;

Job job(std::string name, std::string state) {
  Job made;
  made.type = "script";
  made.name = std::move(name);
  made.state = std::move(state);
  made.web_url = "https://buildkite.com/acme-inc/web/builds/1#" + made.name + "-" + made.state;
  return made;
}

Build with(std::vector<Job> jobs) {
  Build build = a_build();
  build.jobs = std::move(jobs);
  return build;
}

Step only_step(std::vector<Job> jobs) {
  const auto steps = steps_of(with(std::move(jobs)));
  EXPECT_EQ(steps.size(), 1U);
  return steps.empty() ? Step{} : steps.front();
}

TEST(Steps, AreTheJobsThatDoWorkUnderTheirKeysElseTheirLabels) {
  Job keyed = job(":test_tube: Tests", "passed");
  keyed.step_key = "tests";
  Job trigger = job("Deploy", "passed");
  trigger.type = "trigger";
  Job nameless = job("", "passed");
  nameless.command = "make lint\nmake more";
  Job wait = job("", "finished");
  wait.type = "waiter";
  Job block = job("Release?", "blocked");
  block.type = "manual";
  Job unknowable = job("", "passed");
  const auto steps = steps_of(with({keyed, wait, trigger, block, nameless, unknowable}));
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].key, "tests");
  EXPECT_EQ(steps[0].label, "Tests");
  EXPECT_EQ(steps[1].key, "Deploy");
  EXPECT_EQ(steps[2].label, "make lint");
}

TEST(Steps, AreNoneWithoutJobs) {
  EXPECT_TRUE(steps_of(a_build()).empty());
}

TEST(Steps, LeaveOutJobsThatWereRetried) {
  Job retried = job("Tests", "failed");
  retried.retried = true;
  EXPECT_EQ(only_step({retried, job("Tests", "passed")}).state, BuildState::passed);
}

struct Folding {
  std::vector<std::string> jobs;
  BuildState step;
};

void PrintTo(const Folding& folding, std::ostream* out) {
  for (const auto& state : folding.jobs) *out << state << ' ';
}

class ParallelJobs : public testing::TestWithParam<Folding> {};

TEST_P(ParallelJobs, AreOneStep) {
  std::vector<Job> jobs;
  for (const auto& state : GetParam().jobs) jobs.push_back(job("Tests", state));
  EXPECT_EQ(word_of(only_step(jobs).state), word_of(GetParam().step));
}

INSTANTIATE_TEST_SUITE_P(States, ParallelJobs,
                         testing::Values(Folding{{"passed", "passed"}, BuildState::passed},
                                         Folding{{"passed", "failed", "passed"}, BuildState::failed},
                                         Folding{{"failed", "running"}, BuildState::failing},
                                         Folding{{"passed", "running"}, BuildState::running},
                                         Folding{{"passed", "scheduled"}, BuildState::running},
                                         Folding{{"scheduled", "assigned"}, BuildState::scheduled},
                                         Folding{{"a_word_of_tomorrow"}, BuildState::scheduled},
                                         Folding{{"passed", "canceled"}, BuildState::canceled},
                                         Folding{{"timed_out", "passed"}, BuildState::failed},
                                         Folding{{"expired"}, BuildState::failed},
                                         Folding{{"passed", "broken"}, BuildState::passed},
                                         Folding{{"broken", "skipped"}, BuildState::not_run}));

TEST(Steps, ThatFailedSoftlyPassWithANote) {
  Job soft = job("Tests", "failed");
  soft.soft_failed = true;
  soft.finished_at = noon;
  const Step step = only_step({job("Tests", "passed"), soft});
  EXPECT_EQ(step.state, BuildState::passed);
  EXPECT_TRUE(step.soft_failed);
  EXPECT_EQ(only_step({job("Tests", "failed"), soft}).state, BuildState::failed) << "a hard failure counts";
}

TEST(Steps, LeadToTheJobThatFailedElseToOneThatRuns) {
  EXPECT_EQ(only_step({job("Tests", "passed"), job("Tests", "running"), job("Tests", "failed")}).web_url,
            "https://buildkite.com/acme-inc/web/builds/1#Tests-failed");
  EXPECT_EQ(only_step({job("Tests", "passed"), job("Tests", "running")}).web_url,
            "https://buildkite.com/acme-inc/web/builds/1#Tests-running");
}

TEST(Steps, LastFromTheFirstJobsStartToTheLastOnesEnd) {
  using std::chrono::minutes;
  Job first = job("Tests", "passed");
  first.started_at = noon;
  first.finished_at = noon + minutes(2);
  Job second = job("Tests", "passed");
  second.started_at = noon + minutes(1);
  second.finished_at = noon + minutes(5);
  const Step step = only_step({first, second});
  EXPECT_EQ(step.started_at, noon);
  EXPECT_EQ(step.finished_at, noon + minutes(5));
  EXPECT_EQ(only_step({first, job("Tests", "running")}).finished_at, std::nullopt);
}

TEST(Steps, AreShownOnOneLineWhateverTheirKeysHold) {
  Job strange = job("", "failed");
  strange.step_key = "te\x07sts\nand more";
  EXPECT_EQ(only_step({strange}).label, "te sts");
  EXPECT_EQ(failed_steps(with({strange}), 1), "te sts");
}

TEST(FailedSteps, AreNamedUpToALimit) {
  const Build build = with({job(":lint-roller: Lint", "failed"), job("Tests", "passed"),
                            job("Types", "failed"), job("Docs", "failed")});
  EXPECT_EQ(failed_steps(build, 5), "Lint, Types, Docs");
  EXPECT_EQ(failed_steps(build, 2), "Lint, Types, ...");
  EXPECT_EQ(failed_steps(a_build(), 2), "");
}

TEST(EmojiCodes, AreTakenOutOfLabelsAndNothingElse) {
  EXPECT_EQ(without_emoji_codes(":test_tube: Tests :+1:"), "Tests");
  EXPECT_EQ(without_emoji_codes("Deploy at 12:30: now"), "Deploy at 12:30: now");
  EXPECT_EQ(without_emoji_codes("a :: b: c"), "a :: b: c");
  EXPECT_EQ(without_emoji_codes(":only:"), "");
}

}  // namespace
}  // namespace connector
