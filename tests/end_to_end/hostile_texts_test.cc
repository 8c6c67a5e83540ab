// Texts that anybody who can push a commit may write: nothing of them acts on a terminal, opens a group in a
// Buildkite log, forges a line of the journal or turns what a reviewer reads around.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/text.hh"
#include "end_to_end/program.hh"
#include "support/bitbucket_answers.hh"
#include "support/pattern.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view rocket = "\xF0\x9F\x9A\x80";

/// What stands where, in one line each: a group mark, a priority, sequences for terminals in their old and
/// new form, overrides of the direction, a mark without width, a deletion, a character of four bytes.
const std::string hostile =
    "Fix\n--- a\n+++ b\n~~~ c\n^^^ +++\n<3>level=error\r\x1b[2J\x1b]0;title\a\xC2\x9B"
    "2J\xC2\x85\xE2\x80\xA8\xE2\x80\xAE"
    "kcab\xE2\x81\xA6\xE2\x80\x8B\x7F" +
    std::string(rocket);
/// The same in the first line, as that is all that is shown of a message.
const std::string hostile_line = support::replaced(hostile, "[\n\r]", " ");

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The first character of a text, other than a line end, that acts on whoever shows it; in escaped form.
std::string active_character_in(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    const auto hidden = hidden_character(text);
    if (hidden && hidden->code != u'\n') return printable(text.substr(0, hidden->bytes));
  }
  return "";
}

void expect_harmless(const std::string& text) {
  EXPECT_EQ(active_character_in(text), "") << text.substr(0, 2000);
  EXPECT_EQ(valid_utf8(text), text);
  for (const std::string& line : lines_of(text)) {
    for (const char* mark : {"---", "+++", "~~~", "^^^", "<"}) EXPECT_THAT(line, Not(StartsWith(mark)));
    EXPECT_LT(line.size(), 100'000U) << "a text is cut";
  }
}

/// A world in which every text that somebody may choose is this one: of a build that can be posted, of one
/// that Bitbucket refuses with the text, and of one whose state has that name.
class HostileWorld {
 public:
  explicit HostileWorld(const std::string& text) {
    auto& organization = program.peers.organization;
    for (const char* slug : {"web", "api", "odd"}) {
      support::ABuild build = program.a_build_of(slug);
      Pipeline pipeline = build.build().pipeline;
      pipeline.name = text;
      build.of(pipeline).number(1).commit(commit_named(slug)).message(text).on(text).passed();
      if (std::string_view(slug) == "api") build.tag(text);
      if (std::string_view(slug) == "odd") build.in_state(std::string_view(text));
      organization.add(build);
    }
    program.peers.bitbucket_faults.whenever(
        [](const support::FakeRequest& request) {
          return request.method == "POST" && request.target.find("/repos/api/") != std::string::npos;
        },
        support::answer_instead(support::errors_answer(400, {{"name", text, ""}})));
    program.environment["BUILDKITE"] = "true";
    program.environment["METRICS_TEXTFILE"] = program.directory.file("connector.prom");
  }

  Program program;
};

struct Text {
  const char* name;
  std::string text;
};

void PrintTo(const Text& text, std::ostream* out) {
  *out << text.name;
}

class HostileText : public testing::TestWithParam<Text> {};

TEST_P(HostileText, ActsOnNobodyWhoReadsWhatThePassPrints) {
  HostileWorld world(GetParam().text);
  const std::string commit = commit_named("web");
  for (const std::vector<std::string>& options : {std::vector<std::string>{"-n"},
                                                  {"-n", "--json"},
                                                  {"--check"},
                                                  {"-vv"},
                                                  {"--explain", commit},
                                                  {"--explain", commit_named("api")},
                                                  {"-vv", "--json", "--commit", commit},
                                                  {"-vv", "--log-format=json", "--commit", commit}}) {
    SCOPED_TRACE(options.front() + ' ' + options.back());
    const auto result = world.program.run(options);
    EXPECT_EQ(result.signal, 0);
    expect_harmless(result.out);
    expect_harmless(result.err);
    EXPECT_LT(result.out.size() + result.err.size(), 100'000U);
  }
  expect_harmless(support::read_file(world.program.directory.file("connector.prom")));
}

TEST_P(HostileText, TurnsNothingAroundForAReviewer) {
  HostileWorld world(GetParam().text);
  EXPECT_EQ(world.program.run().exit_status, 0);
  const std::lock_guard hold(world.program.http.models());
  const auto records = world.program.peers.bitbucket.shown("ACME", "web", commit_named("web"));
  ASSERT_EQ(records.size(), 1U);
  const auto& status = records.front().status;
  EXPECT_EQ(status.state, "SUCCESSFUL");
  for (const std::string& text : {status.name, status.description}) {
    EXPECT_EQ(active_character_in(text), "") << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_LE(utf16_length(text), 255U);
  }
  // The ref is left out or the very name of a branch that somebody has pushed to Bitbucket.
  EXPECT_THAT(status.ref, testing::AnyOf("", "refs/heads/" + GetParam().text));
  for (const auto& request : world.program.peers.bitbucket_log.requests()) {
    EXPECT_LT(request.body.size(), 4000U) << request.target;
    expect_harmless(request.body);
  }
}

std::string megabyte_of_rockets() {
  std::string text;
  while (text.size() < 1'000'000) text += rocket;
  return text;
}

const std::vector<Text> texts = {
    {"OfManyLines", hostile},
    {"OfOneLine", hostile_line},
    {"ThatGitTakesForABranch", "topic/\xC2\x9B\x32J\xE2\x80\xAEkcab\xE2\x80\x8B"},
    {"OfAMegabyte", hostile_line + std::string(1'000'000, 'x') + hostile},
    {"OfAMegabyteOfRockets", megabyte_of_rockets()},
    {"OfBytesThatAreNotUtf8", "\xFF\xFE\xC0\x80" + hostile_line + "\xE2\x80"},
};

INSTANTIATE_TEST_SUITE_P(Each, HostileText, testing::ValuesIn(texts),
                         [](const auto& text) { return std::string(text.param.name); });

TEST(HostileTextForTheJournal, ForgesNoLineOfTheJournal) {
  HostileWorld world("x\n<0>level=error msg=forged\n" + hostile);
  const std::string file = world.program.directory.file("messages");
  world.program.run_in_shell("exec 2>" + file + "; export JOURNAL_STREAM=$(stat -Lc %d:%i " + file +
                             "); exec \"$0\" -vv");
  const auto lines = lines_of(support::read_file(file));
  EXPECT_GE(lines.size(), 3U);
  for (const std::string& line : lines) EXPECT_THAT(line, testing::ContainsRegex("^<[3467]>level="));
}

}  // namespace
}  // namespace connector
