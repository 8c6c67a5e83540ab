// What the program writes where: for people at a terminal, for the journal, for collectors of JSON, for the
// log of a Buildkite job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "end_to_end/program.hh"
#include "support/bitbucket_answers.hh"
#include "support/terminal.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using support::Terminal;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::unique_ptr<Terminal> start_at_terminal(const Program& program, const std::vector<std::string>& argv) {
  support::Environment environment = program.environment;
  environment.emplace("TERM", "xterm");
  return std::make_unique<Terminal>(argv, environment);
}

std::unique_ptr<Terminal> at_terminal(const Program& program, std::vector<std::string> options = {}) {
  options.insert(options.begin(), std::getenv("CONNECTOR"));
  return start_at_terminal(program, options);
}

/// As a job of a shell, which keeps the foreground.
std::unique_ptr<Terminal> in_background_of_terminal(const Program& program) {
  return start_at_terminal(program, {"/bin/sh", "-mc", "\"$0\" & wait $!", std::getenv("CONNECTOR")});
}

bool is_post(const support::FakeRequest& request) {
  return request.method == "POST";
}

/// Lets the first status through; further ones meet this.
void after_the_first_post(Program& program, const support::Fault& fault) {
  const auto posts = std::make_shared<int>(0);
  program.peers.bitbucket_faults.whenever(
      is_post, [posts, fault](const support::FakeRequest& request, const support::Handler& peer) {
        return ++*posts == 1 ? peer(request) : fault(request, peer);
      });
}

void expect_only_messages(const std::string& text) {
  for (const std::string& line : lines_of(text)) EXPECT_THAT(line, StartsWith("level="));
}

TEST(Terminal, ShowsNothingOfAPassWithNothingWrong) {
  Program program;
  program.add_passed_builds(3);
  const auto terminal = at_terminal(program);
  EXPECT_EQ(terminal->finish(), 0);
  EXPECT_EQ(terminal->written(), "");
  EXPECT_EQ(program.posts(), 3U);
}

TEST(Terminal, ShowsTheLevelOfAMessageInColour) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_status(401));
  const auto terminal = at_terminal(program);
  EXPECT_EQ(terminal->finish(), 77);
  EXPECT_THAT(terminal->written(), StartsWith("level=\x1b[31merror\x1b[0m msg="));
}

TEST(Terminal, ShowsNoColoursToThoseWhoWantNone) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_status(401));
  EXPECT_EQ(at_terminal(program, {"--no-color"})->finish(), 77);
  for (const auto& [variable, value] : support::Environment{{"NO_COLOR", "1"}, {"TERM", "dumb"}}) {
    program.environment[variable] = value;
    const auto terminal = at_terminal(program);
    EXPECT_EQ(terminal->finish(), 77);
    EXPECT_THAT(terminal->written(), StartsWith("level=error msg="));
    EXPECT_THAT(terminal->written(), Not(HasSubstr("\x1b")));
    program.environment.erase(variable);
  }
}

TEST(Progress, TellsAPersonHowFarThePassIsAndMakesRoomForMessages) {
  Program program;
  program.add_passed_builds(3);
  std::promise<void> seen;
  after_the_first_post(program, [was_seen = seen.get_future().share()](const auto&, const auto&) {
    was_seen.wait();
    return support::errors_answer(400, {{"", "no", ""}});
  });
  const auto terminal = at_terminal(program, {"-v"});
  EXPECT_TRUE(terminal->waits_for("\r3 builds listed, 1 status posted, 2 left\x1b[K")) << terminal->written();
  seen.set_value();
  EXPECT_EQ(terminal->finish(), 0);
  EXPECT_THAT(terminal->seen(), HasSubstr("a status was refused"));
  expect_only_messages(terminal->seen());
}

TEST(Progress, TellsHowLongARateLimitHoldsThePassBackAndLeavesNothingBehind) {
  Program program;
  program.add_passed_builds(3);
  after_the_first_post(program, support::answer_too_many("40"));
  const auto terminal = at_terminal(program);
  EXPECT_TRUE(terminal->waits_for("3 builds listed, 1 status posted, 2 left; waiting "))
      << terminal->written();
  EXPECT_TRUE(terminal->waits_for(" s for Bitbucket\x1b[K")) << terminal->written();
  terminal->interrupt();
  EXPECT_EQ(terminal->finish(), 130);
  expect_only_messages(terminal->seen());
}

/// A pass that is held back for four seconds.
struct SlowPass {
  explicit SlowPass(const std::string& variable = "TERM", const std::string& value = "xterm") {
    program.add_passed_builds(1);
    program.peers.bitbucket_faults.next(support::answer_too_many("4"));
    program.environment[variable] = value;
  }
  Program program;
};

TEST(Progress, IsForNobodyButPeopleWhoLookAtATerminalOfTheirOwn) {
  SlowPass elsewhere;
  const auto pipes = elsewhere.program.start();
  SlowPass in_ci("CI", "true");
  SlowPass in_buildkite("BUILDKITE", "true");
  SlowPass in_background;
  SlowPass quiet;
  SlowPass json;
  const std::array<std::unique_ptr<Terminal>, 5> terminals = {
      at_terminal(in_ci.program), at_terminal(in_buildkite.program),
      in_background_of_terminal(in_background.program), at_terminal(quiet.program, {"-q"}),
      at_terminal(json.program, {"--log-format=json"})};
  for (const auto& terminal : terminals) {
    EXPECT_EQ(terminal->finish(), 0);
    EXPECT_EQ(terminal->written(), "");
  }
  const auto result = elsewhere.program.finish(*pipes);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(Progress, IsErasedBeforeAResultThatIsPrinted) {
  Program program;
  program.add_passed_builds(1);
  std::promise<void> seen;
  program.peers.bitbucket_faults.next([was_seen = seen.get_future().share()](
                                          const support::FakeRequest& request, const support::Handler& peer) {
    was_seen.wait();
    return peer(request);
  });
  const auto terminal = at_terminal(program, {"--commit", commit_named("1")});
  EXPECT_TRUE(terminal->waits_for("1 build listed, 0 statuses posted, 1 left")) << terminal->written();
  seen.set_value();
  EXPECT_EQ(terminal->finish(), 0);
  EXPECT_EQ(terminal->seen(), "1 status was posted\n");
}

TEST(Journal, IsToldHowImportantEachMessageIs) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_status(401));
  const std::string file = program.directory.file("messages");
  const std::string to_file = "exec 2>" + file + "; export JOURNAL_STREAM=$(stat -Lc %d:%i " + file + ")";
  EXPECT_EQ(program.run_in_shell(to_file + "; exec \"$0\"").exit_status, 77);
  EXPECT_THAT(support::read_file(file), StartsWith("<3>level=error msg="));
  EXPECT_EQ(program.run_in_shell(to_file + "; exec \"$0\" --nonsense").exit_status, 64);
  for (const std::string& line : lines_of(support::read_file(file))) EXPECT_THAT(line, StartsWith("<3>"));
  const auto elsewhere = program.run_in_shell(to_file + "; exec \"$0\" 2>&1");
  EXPECT_THAT(elsewhere.out, StartsWith("level=error msg="))
      << "the variable is inherited, the journal is not";
}

TEST(JsonLog, EndsWithTheReasonForTheEndAsAnObject) {
  Program program;
  const std::string state = program.directory.file("missing") + "/state.json";
  const auto result = program.run({"--log-format=json", "--state", state});
  EXPECT_EQ(result.exit_status, 73);
  EXPECT_THAT(result.err, StartsWith(R"({"level":"error","msg":")"));
  EXPECT_THAT(result.err, HasSubstr("state.json"));
  EXPECT_THAT(result.err, testing::EndsWith("}\n"));
  EXPECT_EQ(lines_of(result.err).size(), 1U);
}

/// Text as somebody might write it who wants to be seen in a log that is not theirs.
constexpr const char* hostile =
    "x\n--- a\n+++ b\n~~~ c\n^^^ +++\r--- d\x1b[2J\x1b]0;e\a\xc2\x9b"
    "2J";

void expect_no_orders(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    for (const char* mark : {"---", "+++", "~~~", "^^^"}) EXPECT_THAT(line, Not(StartsWith(mark)));
    for (const char* order : {"\x1b", "\r", "\a", "\xc2\x9b"}) EXPECT_THAT(line, Not(HasSubstr(order)));
  }
}

TEST(BuildkiteLog, GetsNoGroupAndNoEscapeSequenceFromTheWordsOfOthers) {
  Program program;
  program.environment["BUILDKITE"] = "true";
  const std::string commit = commit_named("1");
  auto build = program.a_build_of("web").number(1).commit(commit).message(hostile).on(hostile);
  program.peers.organization.add(build.in_state(std::string_view(hostile)));
  program.peers.organization.add(
      program.a_build_of("api").number(1).commit(commit).message(hostile).on(hostile).tag(hostile).passed());
  program.peers.bitbucket_faults.whenever(
      is_post, support::answer_instead(support::errors_answer(400, {{hostile, hostile, hostile}})));
  std::string all;
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"-n"}, {"--check"}, {"--explain", commit}, {"-vv"}}) {
    SCOPED_TRACE(options.front());
    const auto result = program.run(options);
    expect_no_orders(result.out + result.err);
    all += result.out + result.err;
  }
  EXPECT_THAT(all, HasSubstr("n--- a")) << "it is shown, but in a line of ours";
}

TEST(BuildkiteLog, GetsNoGroupAndNoEscapeSequenceFromTheCommandLine) {
  Program program;
  program.environment["BUILDKITE"] = "true";
  const std::string text = hostile;
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--" + text},
                                                  {text},
                                                  {"--config", text},
                                                  {"--state", text + "/state"},
                                                  {"--deadline", text},
                                                  {"--since", text},
                                                  {"--commit", text},
                                                  {"--log-level", text}}) {
    SCOPED_TRACE(options.front());
    const auto result = program.run(options);
    EXPECT_NE(result.exit_status, 0);
    EXPECT_THAT(result.err, HasSubstr("x"));
    expect_no_orders(result.out + result.err);
  }
  const std::string config = program.directory.file("\n--- \x1b[2J.toml");
  support::write_file(config, "nonsense = 1\n");
  for (const char* action : {"--print-config", "--check=offline"}) {
    const auto result = program.run({"--config", config, action});
    EXPECT_EQ(result.exit_status, 78);
    expect_no_orders(result.out + result.err);
  }
}

}  // namespace
}  // namespace connector
