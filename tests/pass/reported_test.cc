// An organization in which everything happens that can happen to a build, played minute by minute, and the
// table of statuses that a person would write by hand. Each policy then changes what it says, and nothing
// else.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "pass/history.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::a_build;
using support::commit_named;

// Commit and key, what a reviewer sees, and which build says so. "web" stands for the pipeline's id.
constexpr const char* by_hand = R"(
api: web SUCCESSFUL #26
blocked: web SUCCESSFUL #9
canceled: web CANCELLED #7
canceling: web INPROGRESS #8
deleted: web CANCELLED #5
failed: web FAILED #2
failing: web FAILED #3
fork: web SUCCESSFUL #23
head: web SUCCESSFUL #27
not run: web CANCELLED #12
parallel: web FAILED #18
passed: web SUCCESSFUL #1
pull request: web SUCCESSFUL #22
rebuild failed: web FAILED #16
rebuilt: web SUCCESSFUL #14
release: deploy-prod SUCCESSFUL #1
retried: web SUCCESSFUL #17
running: web INPROGRESS #4
scheduled: web INPROGRESS #6
skipped: web CANCELLED #11
soft failure: web SUCCESSFUL #19
tag: web SUCCESSFUL #24
timed: web SUCCESSFUL #25
unblocked: web SUCCESSFUL #10
)";

// What a status for each step adds: the steps of a build that nobody says anything of are one, "tests".
constexpr const char* steps_by_hand = R"(api: web/tests SUCCESSFUL #26
blocked: web/tests SUCCESSFUL #9
canceled: web/tests CANCELLED #7
canceling: web/tests INPROGRESS #8
deleted: web/tests CANCELLED #5
failed: web/tests FAILED #2
failing: web/tests FAILED #3
fork: web/tests SUCCESSFUL #23
head: web/tests SUCCESSFUL #27
not run: web/tests CANCELLED #12
parallel: web/Tests FAILED #18
passed: web/tests SUCCESSFUL #1
pull request: web/tests SUCCESSFUL #22
rebuild failed: web/tests FAILED #16
rebuilt: web/tests SUCCESSFUL #14
release: deploy-prod/tests SUCCESSFUL #1
retried: web/tests SUCCESSFUL #17
running: web/tests INPROGRESS #4
scheduled: web/tests INPROGRESS #6
skipped: web/tests CANCELLED #11
soft failure: web/Lint SUCCESSFUL #19
soft failure: web/Tests SUCCESSFUL #19
tag: web/tests SUCCESSFUL #24
timed: web/tests SUCCESSFUL #25
unblocked: web/tests SUCCESSFUL #10
)";

Job job(const std::string& label, const std::string& state) {
  Job made;
  made.type = "script";
  made.name = label;
  made.state = state;
  made.web_url = "https://buildkite.com/acme-inc/web/builds/1#" + label + "-" + state;
  made.started_at = support::noon;
  if (state != "running") made.finished_at = support::noon + 1min;
  return made;
}

/// A build of web whose beginning a pass sees, and what then becomes of it, a minute for each step.
struct Story {
  std::string label;
  std::vector<std::function<void(support::Organization&, std::uint64_t)>> minutes;
  std::vector<Job> jobs{};  ///< at its beginning; none: a single one, "tests"
};

const std::string web = "web";

auto start() {
  return [](support::Organization& o, std::uint64_t n) { o.start(web, n); };
}
auto pass() {
  return [](support::Organization& o, std::uint64_t n) { o.pass(web, n); };
}
auto fail() {
  return [](support::Organization& o, std::uint64_t n) { o.fail(web, n); };
}
auto rebuild_and(void (support::Organization::*end)(const std::string&, std::uint64_t)) {
  return [end](support::Organization& o, std::uint64_t n) { (o.*end)(web, o.rebuild(web, n)); };
}
auto with_jobs(std::vector<Job> jobs) {
  return [jobs = std::move(jobs)](support::Organization& o, std::uint64_t n) { o.set_jobs(web, n, jobs); };
}

std::vector<Story> stories() {
  using Model = support::Organization;
  Job soft = job("Lint", "failed");
  soft.soft_failed = true;
  Job retried = job("Tests", "failed");
  retried.retried = true;
  return {
      {"passed", {start(), pass()}},
      {"failed", {start(), fail()}},
      {"failing", {start(), [](Model& o, std::uint64_t n) { o.begin_failing(web, n); }}},
      {"running", {start()}},
      {"deleted", {start(), [](Model& o, std::uint64_t n) { o.remove(web, n); }}},
      {"scheduled", {}},
      {"canceled", {start(), [](Model& o, std::uint64_t n) { o.cancel(web, n); }}},
      {"canceling", {start(), [](Model& o, std::uint64_t n) { o.begin_canceling(web, n); }}},
      {"blocked", {start(), [](Model& o, std::uint64_t n) { o.block(web, n); }}},
      {"unblocked",
       {start(), [](Model& o, std::uint64_t n) { o.block(web, n); },
        [](Model& o, std::uint64_t n) { o.unblock(web, n); }, pass()}},
      {"skipped", {[](Model& o, std::uint64_t n) { o.skip(web, n); }}},
      {"not run", {[](Model& o, std::uint64_t n) { o.end_without_running(web, n); }}},
      {"rebuilt", {start(), fail(), rebuild_and(&Model::pass)}},
      {"rebuild failed", {start(), pass(), rebuild_and(&Model::fail)}},
      {"retried", {start(), fail(), [](Model& o, std::uint64_t n) { o.retry(web, n); }, pass()}},
      {"parallel",
       {start(), with_jobs({job("Tests", "passed"), job("Tests", "failed")}), fail()},
       {job("Tests", "running"), job("Tests", "running")}},
      {"soft failure", {start(), pass()}, {soft, retried, job("Tests", "passed")}},
  };
}

class Reported : public support::WebHistory {
 public:
  Reported() {
    settings.rules.scope.home = "bitbucket.example.com";
    add_repository("deploy-prod");
    organization.add_pipeline(support::a_pipeline("deploy-prod"));
  }

  /// The whole life of the organization, with a pass each minute.
  void play() {
    for (const Story& story : stories()) tell(story);
    add_what_is_there_at_once();
    const auto head = organization.create(web, "HEAD");
    minute("head");
    organization.resolve_commit(web, head, commit_named("head"));
    organization.pass(web, head);
    for (int i = 0; i < 45; ++i) minute("head");
  }

  /// Lines as in `by_hand`, sorted.
  [[nodiscard]] std::set<std::string> table() const {
    std::set<std::string> lines;
    for (const std::string& label : labels_) {
      for (const char* slug : {"web", "deploy-prod"}) {
        for (const auto& record : peers.bitbucket.shown("ACME", slug, commit_named(label))) {
          lines.insert(label + ": " + in_words(record.status.key) + " " + record.status.state + " #" +
                       record.status.build_number);
        }
      }
    }
    return lines;
  }

 private:
  void minute(const std::string& label) {
    labels_.insert(label);
    wait(1min);
    EXPECT_EQ(pass().status, ExitStatus::ok) << messages;
  }

  void tell(const Story& story) {
    const auto number = organization.create(web, commit_named(story.label));
    if (!story.jobs.empty()) organization.set_jobs(web, number, story.jobs);
    minute(story.label);
    for (const auto& event : story.minutes) {
      event(organization, number);
      minute(story.label);
    }
  }

  void add(support::ABuild build, const std::string& label, const std::string& source = "webhook") {
    Build made = build.commit(commit_named(label)).created(organization.now()).build();
    made.number = 0;
    made.source = source;
    organization.add(std::move(made));
    minute(label);
  }

  void add_what_is_there_at_once() {
    organization.skip(web, organization.create(web, commit_named("skipped unseen")));
    minute("skipped unseen");
    add(a_build().of(web).failed(), "pull request");
    add(a_build().of(web).for_pull_request("7").passed(), "pull request");
    add(a_build().of(web).on("someone:feature").for_pull_request("8").passed(), "fork");
    add(a_build().of(web).on("v1.0").tag("v1.0").passed(), "tag");
    add(a_build().of(web).passed(), "timed", "schedule");
    add(a_build().of(web).passed(), "api", "api");
    add(a_build().of("deploy-prod").blocked(), "release");
  }

  static std::string in_words(std::string key) {
    for (const char* slug : {"web", "deploy-prod"}) {
      const std::string id = support::a_pipeline(slug).id;
      if (key.starts_with(id)) key.replace(0, id.size(), slug);
    }
    return key;
  }

  std::set<std::string> labels_;
};

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.insert(line);
  }
  return lines;
}

std::string difference(const std::set<std::string>& lines, const std::set<std::string>& less) {
  std::string text;
  for (const std::string& line : lines) {
    if (!less.contains(line)) text += line + "\n";
  }
  return text;
}

TEST(Reported, IsWhatAPersonWouldWriteByHand) {
  Reported history;
  history.play();
  EXPECT_EQ(difference(history.table(), lines_of(by_hand)), "") << "are shown, but not in the table";
  EXPECT_EQ(difference(lines_of(by_hand), history.table()), "") << "are in the table, but not shown";
}

struct Policy {
  std::string name;
  std::function<void(Rules&)> set;
  std::string instead;    ///< lines that go
  std::string lines_now;  ///< and lines that come
};

void PrintTo(const Policy& policy, std::ostream* out) {
  *out << policy.name;
}

class EachPolicy : public testing::TestWithParam<Policy> {};

TEST_P(EachPolicy, ChangesWhatItSaysAndNothingElse) {
  Reported history;
  GetParam().set(history.settings.rules);
  history.play();
  EXPECT_EQ(difference(lines_of(by_hand), history.table()), GetParam().instead) << "are gone";
  EXPECT_EQ(difference(history.table(), lines_of(by_hand)), GetParam().lines_now) << "have come";
}

PipelineOverride for_deployments() {
  PipelineOverride set;
  set.slug = "deploy-*";
  return set;
}

std::vector<Policy> policies() {
  using State = BitbucketState;
  return {
      {"BlockedAsPending", [](Rules& rules) { rules.presentation.states.blocked = State::in_progress; },
       "blocked: web SUCCESSFUL #9\nrelease: deploy-prod SUCCESSFUL #1\n",
       "blocked: web INPROGRESS #9\nrelease: deploy-prod INPROGRESS #1\n"},
      {"BlockedAsPendingForDeploymentsOnly",
       [](Rules& rules) {
         rules.overrides = {for_deployments()};
         rules.overrides.front().states.blocked = State::in_progress;
       },
       "release: deploy-prod SUCCESSFUL #1\n", "release: deploy-prod INPROGRESS #1\n"},
      {"FailingIsNoFailureYet",
       [](Rules& rules) { rules.presentation.states.chosen[BuildState::failing] = State::in_progress; },
       "failing: web FAILED #3\n", "failing: web INPROGRESS #3\n"},
      {"NotRunIsGood",
       [](Rules& rules) { rules.presentation.states.chosen[BuildState::not_run] = State::successful; },
       "not run: web CANCELLED #12\n", "not run: web SUCCESSFUL #12\n"},
      {"CanceledIsFailed",
       [](Rules& rules) { rules.presentation.states.chosen[BuildState::canceled] = State::failed; },
       "canceled: web CANCELLED #7\ndeleted: web CANCELLED #5\nnot run: web CANCELLED #12\n"
       "skipped: web CANCELLED #11\n",
       "canceled: web FAILED #7\ndeleted: web FAILED #5\nnot run: web FAILED #12\nskipped: web FAILED #11\n"},
      {"GoneIsUnknown", [](Rules& rules) { rules.presentation.states.gone = State::unknown; },
       "deleted: web CANCELLED #5\n", "deleted: web UNKNOWN #5\n"},
      {"ScheduledIsIgnored",
       [](Rules& rules) { rules.presentation.states.chosen[BuildState::scheduled] = std::nullopt; },
       "not run: web CANCELLED #12\nscheduled: web INPROGRESS #6\nskipped: web CANCELLED #11\n", ""},
      {"WithoutSchedules", [](Rules& rules) { rules.scope.exclude_sources = {"schedule"}; },
       "timed: web SUCCESSFUL #25\n", ""},
      {"OfPushesAndByHandOnly",
       [](Rules& rules) {
         rules.scope.sources = {"webhook", "ui"};
       },
       "api: web SUCCESSFUL #26\ntimed: web SUCCESSFUL #25\n", ""},
      {"WithoutTags", [](Rules& rules) { rules.scope.exclude_branches = {"v*"}; },
       "tag: web SUCCESSFUL #24\n", ""},
      {"WithoutDeployments", [](Rules& rules) { rules.scope.exclude_pipelines = {"deploy-*"}; },
       "release: deploy-prod SUCCESSFUL #1\n", ""},
      {"DeploymentsUnderAKeyOfTheirOwn",
       [](Rules& rules) {
         rules.overrides = {for_deployments()};
         rules.overrides.front().texts.key = "deployment";
       },
       "release: deploy-prod SUCCESSFUL #1\n", "release: deployment SUCCESSFUL #1\n"},
      {"SeparatePullRequests", [](Rules& rules) { rules.separate_pull_requests = true; },
       "fork: web SUCCESSFUL #23\npull request: web SUCCESSFUL #22\n",
       "fork: web-pull-request SUCCESSFUL #23\npull request: web FAILED #21\n"
       "pull request: web-pull-request SUCCESSFUL #22\n"},
      {"PerStep", [](Rules& rules) { rules.per_step = true; }, "", steps_by_hand},
  };
}

INSTANTIATE_TEST_SUITE_P(Reported, EachPolicy, testing::ValuesIn(policies()),
                         [](const auto& policy) { return policy.param.name; });

}  // namespace
}  // namespace connector
