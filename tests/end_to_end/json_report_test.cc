// --json: the report of a pass for scripts and dashboards.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <string>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using simdjson::dom::element;
using support::commit_named;
using support::Program;
using namespace std::chrono_literals;

struct JsonReport : testing::Test {
  /// The report of a pass with these further options; one object and nothing else on stdout.
  element report(std::vector<std::string> options = {}) {
    options.emplace_back("--json");
    result = program.run(options);
    return parser.parse(simdjson::padded_string(result.out)).value();
  }
  static std::uint64_t number(element from, std::string_view pointer) {
    return from.at_pointer(pointer).get_uint64().value();
  }
  static std::string text(element from, std::string_view pointer) {
    return std::string(from.at_pointer(pointer).get_string().value());
  }

  Program program;
  support::ProcessResult result;
  simdjson::dom::parser parser;
};

TEST_F(JsonReport, TellsWhatWasPostedAndWhy) {
  program.peers.organization.add(program.a_build_of("web")
                                     .number(7)
                                     .commit(commit_named("1"))
                                     .on("main")
                                     .message("Say \"hi\"")
                                     .passed());
  const element all = report();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(number(all, "/version"), 1U);
  EXPECT_EQ(number(all, "/exit_status"), 0U);
  EXPECT_EQ(text(all, "/exit_name"), "ok");
  EXPECT_EQ(number(all, "/counts/posted"), 1U);
  EXPECT_EQ(text(all, "/statuses/0/result"), "posted");
  EXPECT_EQ(text(all, "/statuses/0/reason"), "new");
  EXPECT_EQ(text(all, "/statuses/0/state"), "SUCCESSFUL");
  EXPECT_EQ(text(all, "/statuses/0/pipeline"), "web");
  EXPECT_EQ(text(all, "/statuses/0/commit"), commit_named("1"));
  EXPECT_EQ(text(all, "/statuses/0/ref"), "refs/heads/main");
  EXPECT_NE(text(all, "/statuses/0/description").find("Say \"hi\""), std::string::npos);
  EXPECT_EQ(number(all, "/peers/bitbucket/answers/204"), 1U);
  EXPECT_GT(number(all, "/peers/buildkite/user_requests_left"), 0U);
}

TEST_F(JsonReport, TellsWhatWasNot) {
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
  program.peers.bitbucket_faults.whenever(
      [](const support::FakeRequest& request) { return request.method == "POST"; },
      support::answer_status(400));
  const element all = report();
  EXPECT_EQ(text(all, "/statuses/0/result"), "refused");
  EXPECT_EQ(number(all, "/counts/waiting"), 1U);
}

TEST_F(JsonReport, IsGivenByADryRunToo) {
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
  EXPECT_EQ(text(report({"--dry-run"}), "/statuses/0/result"), "planned");
  EXPECT_EQ(program.posts(), 0U);
}

TEST_F(JsonReport, TellsTheExitStatusOfAPassThatFails) {
  program.environment["BUILDKITE_API_TOKEN"] = "wrong";
  EXPECT_EQ(number(report(), "/exit_status"), 77U);
  EXPECT_EQ(result.exit_status, 77);
}

TEST_F(JsonReport, NamesGaps) {
  program.peers.buildkite.settings().user_limit = 8;
  program.add_passed_builds(1500);
  const element all = report();
  EXPECT_NE(text(all, "/gaps/0/from"), "");
}

}  // namespace
}  // namespace connector
