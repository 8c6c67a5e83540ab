// contrib/buildkite/report, the step of the scheduled pipeline: the program as it is, a stand-in for
// buildkite-agent that keeps what it is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/text/text.hh"
#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr const char* annotate_warning = "annotate --context buildkite-bitbucket-connector --style warning\n";
constexpr const char* annotate_error = "annotate --context buildkite-bitbucket-connector --style error\n";

std::string contents_of(const std::string& path) {
  return std::filesystem::exists(path) ? support::read_file(path) : "";
}

std::string step_path() {
  return std::string(std::getenv("SOURCE_ROOT")) + "/contrib/buildkite/report";
}

/// The HTML that is left when the tags that the step writes are taken away.
std::string without_own_tags(std::string html) {
  for (const std::string tag : {"<pre>", "<code>", "</code>", "</pre>"}) {
    for (auto at = html.find(tag); at != std::string::npos; at = html.find(tag)) html.erase(at, tag.size());
  }
  return html;
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

struct BuildkiteStep : testing::Test {
  BuildkiteStep() {
    std::filesystem::create_directory(bin);
    std::filesystem::create_symlink(std::getenv("CONNECTOR"), bin + "/buildkite-bitbucket-connector");
    let("buildkite-agent",
        "echo \"$*\" >>'" + calls_file + "'; [ \"$1\" != annotate ] || cat >'" + annotation_file + "'");
    program.environment["PATH"] = bin + ":/usr/bin:/bin";
    program.environment["BUILDKITE"] = "true";
    program.environment["CONNECTOR_STATE"] = "none";
  }
  /// Puts a script in the place of a program.
  void let(const std::string& name, const std::string& script) const {
    std::filesystem::remove(bin + '/' + name);
    support::write_file(bin + '/' + name, "#!/bin/sh\n" + script + '\n');
    std::filesystem::permissions(bin + '/' + name, std::filesystem::perms::owner_all);
  }
  void run(std::vector<std::string> options = {}) {
    options.insert(options.begin(), step_path());
    support::Process step(options, program.environment);
    result = program.finish(step);
  }

  void answer_posts(const support::Fault& fault) {
    program.peers.bitbucket_faults.whenever(
        [](const support::FakeRequest& request) { return request.method == "POST"; }, fault);
  }
  void refuse_statuses(const std::string& message = "no") {
    answer_posts(support::answer_instead({400, {}, R"({"errors":[{"message":")" + message + "\"}]}"}));
  }
  /// How the agent was called, a line for each time.
  [[nodiscard]] std::string calls() const { return contents_of(calls_file); }
  [[nodiscard]] std::string annotation() const { return contents_of(annotation_file); }

  Program program;
  std::string bin = program.directory.file("bin");
  std::string calls_file = program.directory.file("calls");
  std::string annotation_file = program.directory.file("annotation");
  support::ProcessResult result;
};

TEST_F(BuildkiteStep, TellsNothingOfAPassWithNothingWrong) {
  program.add_passed_builds(2);
  run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.shown("web", commit_named("2")), "SUCCESSFUL");
  EXPECT_THAT(result.out + result.err, IsEmpty());
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(BuildkiteStep, TellsWhichStatusesWereRefusedAndWhy) {
  program.add_passed_builds(2);
  refuse_statuses("the commit is unknown");
  run({"--verbose"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(calls(), annotate_warning);
  EXPECT_THAT(annotation(), StartsWith("**Build statuses for Bitbucket: exit status 0 (ok).** "
                                       "0 posted, 2 refused, 0 given up, 2 waiting.\n"));
  EXPECT_THAT(annotation(), HasSubstr("web #2 on ACME/web " + commit_named("2").substr(0, 12) + "\n"));
  EXPECT_THAT(annotation(), HasSubstr("the commit is unknown"));
  EXPECT_THAT(result.err, HasSubstr("the commit is unknown")) << "the log of the job has it, too";
}

TEST_F(BuildkiteStep, EndsAsThePassDoesWhenWorkIsLeft) {
  program.add_passed_builds(1);
  answer_posts(support::answer_status(503));
  run();
  EXPECT_EQ(result.exit_status, 75) << result.err;
  EXPECT_EQ(calls(), annotate_warning);
  EXPECT_THAT(annotation(),
              HasSubstr("exit status 75 (tempfail).** 0 posted, 0 refused, 0 given up, 1 waiting."));
  EXPECT_THAT(annotation(), HasSubstr("web #1 on ACME/web"));
}

TEST_F(BuildkiteStep, TellsOfARefusedLoginAsAnError) {
  program.add_passed_builds(2);
  program.environment["BITBUCKET_PASSWORD"] = "wrong";
  run();
  EXPECT_EQ(result.exit_status, 77) << result.err;
  EXPECT_EQ(calls(), annotate_error);
  EXPECT_THAT(annotation(), HasSubstr("exit status 77 (noperm)"));
  EXPECT_THAT(annotation(), HasSubstr("Check bitbucket.username and bitbucket.password"));
}

TEST_F(BuildkiteStep, TellsOfASettingThatIsMissingThoughThereIsNoReport) {
  program.environment.erase("BITBUCKET_URL");
  run();
  EXPECT_EQ(result.exit_status, 78) << result.err;
  EXPECT_EQ(calls(), annotate_error);
  EXPECT_THAT(annotation(), StartsWith("**Build statuses for Bitbucket: exit status 78.**\n"));
  EXPECT_THAT(annotation(), HasSubstr("missing setting bitbucket.url"));
}

TEST_F(BuildkiteStep, TellsThatTheProgramIsNotThere) {
  std::filesystem::remove(bin + "/buildkite-bitbucket-connector");
  run();
  EXPECT_EQ(result.exit_status, 127) << result.err;
  EXPECT_EQ(calls(), annotate_error);
  EXPECT_THAT(annotation(), HasSubstr("buildkite-bitbucket-connector: not found"));
}

TEST_F(BuildkiteStep, TellsThatOlderBuildsWereNotRead) {
  program.peers.buildkite.settings().user_limit = 8;
  program.add_passed_builds(1500);
  run();
  EXPECT_THAT(annotation(), HasSubstr("Older builds were not read"));
}

TEST_F(BuildkiteStep, LetsNoTextOfOthersIntoItsMarkup) {
  const std::string hostile =
      R"(</code></pre><img src=x onerror=alert(1)> [a](javascript:b) & \"result\":\"posted\"})";
  Pipeline pipeline =
      support::a_pipeline("web</code></pre><b>\"},{\"result\":\"refused\",\"pipeline\":\"forged");
  pipeline.name = hostile;
  program.peers.bitbucket.add_repository("ACME", "web");
  pipeline.repository = program.http.clone_url("acme", "web");
  program.peers.organization.add(support::a_build()
                                     .of(pipeline)
                                     .commit(commit_named("1"))
                                     .created(support::noon - 5min)
                                     .message(hostile));
  refuse_statuses(hostile);
  run({"--verbose"});
  EXPECT_THAT(calls(), annotate_warning);
  EXPECT_THAT(annotation(), HasSubstr("0 posted, 1 refused"));
  EXPECT_THAT(annotation(), HasSubstr("web&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;"));
  EXPECT_THAT(annotation(), HasSubstr("onerror")) << "the server's reason is to be seen";
  EXPECT_THAT(annotation(), HasSubstr(" &amp; "));
  EXPECT_THAT(annotation(), Not(HasSubstr("\nforged")));
  EXPECT_THAT(without_own_tags(annotation()), Not(HasSubstr("<")));
}

TEST_F(BuildkiteStep, NamesSomeOfMany) {
  program.add_passed_builds(50);
  refuse_statuses();
  run({"--verbose"});
  EXPECT_THAT(annotation(), HasSubstr("50 refused"));
  EXPECT_EQ(count_of(annotation(), "\nweb #") + count_of(annotation(), "<code>web #"), 20);
  EXPECT_THAT(annotation(), HasSubstr("\nand 30 more\n"));
  EXPECT_EQ(count_of(annotation(), "\nlevel=info"), 20);
  EXPECT_THAT(annotation(), HasSubstr("\n<pre><code>(30 before these)\nlevel=info"));
  EXPECT_LT(annotation().size(), std::size_t{10000});
}

TEST_F(BuildkiteStep, CutsLongMessagesBetweenCharacters) {
  std::string message = "x";
  for (int i = 0; i < 3000; ++i) message += "ä";
  support::write_file(program.directory.file("message"), message + '\n');
  let("buildkite-bitbucket-connector", "cat '" + program.directory.file("message") + "' >&2; exit 70");
  run();
  EXPECT_EQ(result.exit_status, 70);
  EXPECT_EQ(result.err, message + '\n') << "the log has all of it";
  EXPECT_THAT(annotation(), HasSubstr("ä ...\n"));
  EXPECT_LT(annotation().size(), std::size_t{1200});
  EXPECT_EQ(valid_utf8(annotation()), annotation());
}

TEST_F(BuildkiteStep, LeavesToTheLogWhatWasDone) {
  program.add_passed_builds(2);
  program.peers.bitbucket_faults.whenever(
      [done = false](const support::FakeRequest& request) mutable {
        return request.method == "POST" && !std::exchange(done, true);
      },
      support::answer_status(400));
  for (const std::string format : {"text", "json"}) {
    run({"--log-level=debug", "--log-format=" + format});
    EXPECT_THAT(result.err, HasSubstr("pass ended"));
    EXPECT_THAT(annotation(), HasSubstr("a status was refused"));
    EXPECT_THAT(annotation(), Not(HasSubstr("pass ended")));
    EXPECT_THAT(annotation(), Not(HasSubstr("SUCCESSFUL")));
  }
}

TEST_F(BuildkiteStep, EndsAsThePassDidWhateverBecomesOfTheAnnotation) {
  program.add_passed_builds(1);
  refuse_statuses();
  let("buildkite-agent", "exit 9");
  run();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, EndsWith("the build could not be annotated\n"));
  std::filesystem::remove(bin + "/buildkite-agent");
  run();
  EXPECT_EQ(result.exit_status, 0);
  program.environment["BITBUCKET_PASSWORD"] = "wrong";
  run();
  EXPECT_EQ(result.exit_status, 77);
}

TEST_F(BuildkiteStep, TakesBackWhatTheTryBeforeTold) {
  program.add_passed_builds(1);
  program.environment["BUILDKITE_RETRY_COUNT"] = "1";
  run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(calls(), "annotation remove --context buildkite-bitbucket-connector\n");
}

/// An agent cancels a job by a signal to all of its processes.
TEST_F(BuildkiteStep, WaitsForThePassWhenTheJobIsCanceled) {
  program.add_passed_builds(20);
  program.environment["CONNECTOR_STATE"] = program.state_file();
  std::unique_lock lock(program.http.models());  // no request is answered before the process is known
  pid_t group = 0;
  program.peers.bitbucket_faults.next([&](const support::FakeRequest& request, const support::Handler& peer) {
    EXPECT_EQ(::kill(-group, SIGTERM), 0);
    return peer(request);
  });
  support::Process step({"/usr/bin/setsid", step_path()}, program.environment);
  group = step.pid();
  lock.unlock();
  result = program.finish(step);
  EXPECT_EQ(result.exit_status, 143) << result.err;
  EXPECT_TRUE(std::filesystem::exists(program.state_file()));
  EXPECT_THAT(calls(), IsEmpty()) << "somebody canceled it and knows";
}

TEST_F(BuildkiteStep, LeavesNoFileBehind) {
  const std::string place = program.directory.file("tmp");
  std::filesystem::create_directory(place);
  program.environment["TMPDIR"] = place;
  run();
  EXPECT_TRUE(std::filesystem::is_empty(place));
}

TEST_F(BuildkiteStep, SaysHowItIsUsed) {
  run({"--help"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out, StartsWith("usage: contrib/buildkite/report"));
}

}  // namespace
}  // namespace connector
