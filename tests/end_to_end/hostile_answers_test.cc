// Servers that answer what no server should: the program ends as documented, with a whole state, and the next
// pass over a server that has come to its senses tells everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "end_to_end/program.hh"
#include "state/decode.hh"
#include "support/raw_server.hh"

namespace connector {
namespace {

using support::answer_instead;
using support::commit_named;
using support::FakeRequest;
using support::Handler;
using support::json_answer;
using support::Program;
using support::RawConnection;
using support::RawServer;
using namespace std::chrono_literals;

void expect_whole_state(const Program& program) {
  EXPECT_TRUE(std::holds_alternative<SavedState>(state::decode(support::read_file(program.state_file()))));
}

std::string deep(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

/// The right answer, in whose first build one text is replaced.
support::Fault with(const std::string& from, const std::string& to) {
  return [=](const FakeRequest& request, const Handler& peer) {
    auto answer = peer(request);
    if (const auto at = answer.body.find(from); at != std::string::npos) {
      answer.body.replace(at, from.size(), to);
    }
    return answer;
  };
}

/// The right answer, with more members at the beginning of its first build.
support::Fault with_members(const std::string& members) {
  return with("[{", "[{" + members + ",");
}

support::Fault saying(const std::string& body) {
  return answer_instead(json_answer(200, body));
}

/// Made when it is needed: the large ones are many.
support::Fault saying(std::function<std::string()> body) {
  return [body = std::move(body)](const FakeRequest&, const Handler&) { return json_answer(200, body()); };
}

support::Fault with_members(std::function<std::string()> members) {
  return [members = std::move(members)](const FakeRequest& request, const Handler& peer) {
    return with_members(members())(request, peer);
  };
}

std::string deep_objects() {
  std::string text = "[";
  for (int i = 0; i < 200'000; ++i) text += R"({"a":)";
  return text;
}

/// To a server that nobody may be led to.
support::Fault redirected() {
  support::FakeAnswer answer;
  answer.status = 302;
  answer.headers.emplace_back("Location", "http://127.0.0.1:1/login");
  return answer_instead(answer);
}

struct Answer {
  const char* name;
  support::Fault fault;
  int exit_status;
  bool told = false;  ///< whether the build can be read all the same
};

void PrintTo(const Answer& answer, std::ostream* out) {
  *out << answer.name;
}

class BuildkiteThatSays : public testing::TestWithParam<Answer> {};

TEST_P(BuildkiteThatSays, HarmsNothingAndHidesNoBuild) {
  Program program;
  program.add_passed_builds(2);
  program.peers.buildkite_faults.always(GetParam().fault);
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, GetParam().exit_status) << result.err;
  EXPECT_EQ(result.err.empty(), result.exit_status == 0) << result.err;
  EXPECT_LT(result.err.size(), 4000U) << "what a server says is not repeated at length";
  EXPECT_EQ(program.shown("web", commit_named("2")), GetParam().told ? "SUCCESSFUL" : "");
  expect_whole_state(program);
  program.peers.buildkite_faults.clear();
  program.peers.organization.advance(1h);
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
  EXPECT_EQ(program.shown("web", commit_named("2")), "SUCCESSFUL");
}

const std::vector<Answer> buildkite_answers = {
    {"Nothing", saying(""), 76},
    {"Null", saying("null"), 76},
    {"AnObject", saying("{}"), 76},
    {"ANumber", saying("7"), 76},
    {"AByteOrderMark", saying("\xEF\xBB\xBF"), 76},
    {"NulBytes", saying(std::string(1000, '\0')), 76},
    {"NotUtf8", saying("[\xFF\xFE\xC0\x80"), 76},
    {"UnpairedQuotes", saying(R"([{"id":"x\")"), 76},
    {"ARedirect", redirected(), 76},
    {"DeepLists", saying([] { return deep(1'000'000); }), 76},
    {"DeepObjects", saying(deep_objects), 76},
    {"ADeepMember", with_members("\"author\":" + deep(500)), 0, true},
    {"AVeryDeepMember", with_members([] { return "\"author\":" + deep(100'000); }), 0, true},
    {"AHugeMember", with_members([] { return "\"env\":\"" + std::string(30'000'000, 'x') + '"'; }), 0, true},
    {"AMessageOfAMegabyte", with("\"message\":\"", "\"message\":\"" + std::string(1'000'000, 'x')), 0, true},
    {"TheSameMembersTwice",
     with_members(R"("state":"failed","number":7,"commit":"HEAD","pipeline":{"slug":"x","id":"y"})"), 0,
     true},
    {"ANumberBeyondAllBounds", with("\"number\":2", "\"number\":1e999"), 1},
    {"ANumberOfMoreThan64Bits", with("\"number\":2", "\"number\":18446744073709551616"), 1},
    {"ATimeBeyondAllBounds", with("\"created_at\":\"2026", "\"created_at\":\"99999"), 1},
    {"ALinkThatIsNone",
     with("\"web_url\":\"https://buildkite.com/acme-inc/web/builds/2\"",
          "\"web_url\":\"javascript:alert(1)\""),
     1},
};

INSTANTIATE_TEST_SUITE_P(Each, BuildkiteThatSays, testing::ValuesIn(buildkite_answers),
                         [](const auto& answer) { return std::string(answer.param.name); });

/// What every request but the posts meets, and what the posts meet.
class BitbucketThatSays : public testing::TestWithParam<Answer> {};

TEST_P(BitbucketThatSays, HarmsNothingAndLosesNoStatus) {
  Program program;
  program.add_passed_builds(2);
  program.peers.bitbucket_faults.always(GetParam().fault);
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, GetParam().exit_status) << result.err;
  EXPECT_LT(result.err.size(), 8000U) << "what a server says is not repeated at length";
  expect_whole_state(program);
  program.peers.bitbucket_faults.clear();
  program.peers.organization.advance(24h);
  program.run();
  EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
  EXPECT_EQ(program.shown("web", commit_named("2")), "SUCCESSFUL");
  EXPECT_EQ(program.run().exit_status, 0);
}

/// The peer acts, and answers this in place of what it would.
support::Fault acting_but_saying(int status, const std::string& body) {
  return [=](const FakeRequest& request, const Handler& peer) {
    const auto right = peer(request);
    return request.method == "POST" ? json_answer(status, body) : right;
  };
}

/// Posts are refused with this body, all else is answered as it should be.
support::Fault refusing(int status, const std::string& body) {
  return [=](const FakeRequest& request, const Handler& peer) {
    return request.method == "POST" ? json_answer(status, body) : peer(request);
  };
}

const std::string in_errors = R"({"errors":[{"message":")";
const std::string end_of_errors = R"("}]})";

const std::vector<Answer> bitbucket_answers = {
    {"NothingToAll", saying(""), 76},
    {"NullToAll", saying("null"), 76},
    {"DeepListsToAll", saying([] { return deep(1'000'000); }), 76},
    {"ARedirectToAll", redirected(), 76},
    {"NulBytesToAll", saying(std::string(1000, '\0')), 76},
    {"AHugeAnswerToAll", saying([] { return '"' + std::string(30'000'000, 'x') + '"'; }), 76},
    {"TakenWithABody", acting_but_saying(200, "{\"key\":\"x\"}"), 0},
    {"CreatedWithABody", acting_but_saying(201, "{}"), 0},
    {"RefusedInAMegabyte", refusing(400, in_errors + std::string(1'000'000, 'x') + end_of_errors), 0},
    {"RefusedInBytesThatAreNotUtf8", refusing(400, in_errors + "\xFF\xFE\xC0\x80" + end_of_errors), 0},
    {"RefusedDeeply", refusing(400, "{\"errors\":" + deep(100'000) + "}"), 0},
    {"RefusedTwice", refusing(400, R"({"errors":[],"errors":[{"message":"a","message":"b"}],"errors":7})"),
     0},
    {"RefusedWithNulBytes", refusing(400, std::string(1000, '\0')), 0},
};

INSTANTIATE_TEST_SUITE_P(Each, BitbucketThatSays, testing::ValuesIn(bitbucket_answers),
                         [](const auto& answer) { return std::string(answer.param.name); });

/// A peer that breaks HTTP, whichever it is.
struct Breach {
  const char* name;
  RawServer::Script script;
  int exit_status;
};

void PrintTo(const Breach& breach, std::ostream* out) {
  *out << breach.name;
}

class PeerThatBreaksHttp : public testing::TestWithParam<Breach> {};

TEST_P(PeerThatBreaksHttp, EndsThePassInTimeWithAWholeState) {
  RawServer server(GetParam().script);
  RawServer another(GetParam().script);
  Program with_bad_buildkite;
  Program with_bad_bitbucket;
  with_bad_bitbucket.keep_clone_urls();
  with_bad_buildkite.environment["BUILDKITE_API_URL"] = server.url();
  with_bad_bitbucket.environment["BITBUCKET_URL"] = another.url();
  const auto begun = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<support::Process>> passes;
  for (Program* program : {&with_bad_buildkite, &with_bad_bitbucket}) {
    program->add_passed_builds(2);
    passes.push_back(program->start({"--deadline=1s"}));
  }
  for (Program* program : {&with_bad_buildkite, &with_bad_bitbucket}) {
    const bool of_buildkite = program == &with_bad_buildkite;
    const auto result = program->finish(*passes.at(of_buildkite ? 0 : 1));
    EXPECT_EQ(result.exit_status, GetParam().exit_status) << result.err;
    EXPECT_THAT(result.err,
                testing::ContainsRegex(of_buildkite ? "Buildkite|/v2/organizations/" : "Bitbucket|/rest/"));
    EXPECT_EQ(program->posts(), 0U);
    expect_whole_state(*program);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

RawServer::Script answering(const std::string& bytes) {
  return [=](RawConnection& connection) {
    connection.read_request();
    connection.send(bytes);
  };
}

void dripping(RawConnection& connection) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[");
  connection.drip(std::string(100'000, ' '), 50ms);
}

const std::vector<Breach> breaches = {
    {"ByALengthThatIsTooShort", answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[{\"id\":\"x\"}]"),
     76},
    {"ByALengthThatIsTooLong", answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[]"), 75},
    {"ByALengthBelowZero", answering("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n[{"), 76},
    {"ByTwoLengths", answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1000\r\n\r\n[{"), 75},
    {"ByDripping", dripping, 75},
};

INSTANTIATE_TEST_SUITE_P(Each, PeerThatBreaksHttp, testing::ValuesIn(breaches),
                         [](const auto& breach) { return std::string(breach.param.name); });

}  // namespace
}  // namespace connector
