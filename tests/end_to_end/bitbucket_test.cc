// The program against Bitbucket: the server versions that are in use, and each way in which a server refuses.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "end_to_end/program.hh"

namespace connector {
namespace {

using support::answer_instead;
using support::commit_named;
using support::FakeRequest;
using support::noon;
using support::Program;
using support::StatusRecord;
using namespace std::chrono_literals;

struct Server {
  std::string name;
  support::BitbucketProfile profile;
  bool required_builds;
  std::string canceled;
};

void PrintTo(const Server& server, std::ostream* out) {
  *out << server.name;
}

class ServerVersion : public testing::TestWithParam<Server> {
 protected:
  ServerVersion() { program.peers.bitbucket.settings().profile = GetParam().profile; }
  void add(std::uint64_t number, const support::ABuild& build) {
    program.peers.organization.add(
        support::ABuild(build).number(number).commit(commit_named(std::to_string(number))));
  }
  StatusRecord record(std::uint64_t number) {
    const std::lock_guard hold(program.http.models());
    const auto records = program.peers.bitbucket.shown("ACME", "web", commit_named(std::to_string(number)));
    EXPECT_EQ(records.size(), 1U) << number;
    return records.empty() ? StatusRecord{} : records.front();
  }

  Program program;
};

TEST_P(ServerVersion, ShowsTheStatusesAReviewerExpects) {
  const auto build = program.a_build_of("web").on("feature/login");
  add(1, support::ABuild(build).passed());
  add(2, support::ABuild(build).failed());
  add(3, support::ABuild(build).running());
  add(4, support::ABuild(build).canceled());
  add(5, support::ABuild(build).tag("v1.2").passed());
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out + result.err, "");
  const std::vector<std::string> states = {"SUCCESSFUL", "FAILED", "INPROGRESS", GetParam().canceled,
                                           "SUCCESSFUL"};
  for (std::uint64_t number = 1; number <= states.size(); ++number)
    EXPECT_EQ(record(number).status.state, states.at(number - 1)) << number;
}

TEST_P(ServerVersion, FillsWhatRequiredBuildsNeed) {
  add(1, program.a_build_of("web").on("feature/login").passed());
  add(2, program.a_build_of("web").tag("v1.2").passed());
  ASSERT_EQ(program.run().exit_status, 0);
  const bool filled = GetParam().required_builds;
  EXPECT_EQ(record(1).status.parent, filled ? "web" : "");
  EXPECT_EQ(record(1).status.ref, filled ? "refs/heads/feature/login" : "");
  EXPECT_EQ(record(2).status.ref, filled ? "refs/tags/v1.2" : "");
  EXPECT_EQ(record(1).status.build_number, filled ? "1" : "");
  EXPECT_EQ(record(1).status.duration_ms.has_value(), filled);
}

INSTANTIATE_TEST_SUITE_P(Bitbucket, ServerVersion,
                         testing::Values(Server{"v5", support::bitbucket_5(), false, "FAILED"},
                                         Server{"v7_4", support::bitbucket_7_4(), true, "FAILED"},
                                         Server{"v7", support::bitbucket_7(), true, "FAILED"},
                                         Server{"v8", support::bitbucket_8(), true, "CANCELLED"},
                                         Server{"v10", support::bitbucket_10(), true, "CANCELLED"}),
                         [](const auto& server) { return server.param.name; });

/// How a server refuses, and what the user sees of it.
struct Refusal {
  std::string name;
  std::function<void(Program&)> begin;
  int exit_status;
  std::string message;  ///< part of what -v prints
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.name;
}

bool is_post(const FakeRequest& request) {
  return request.method == "POST";
}

/// Every POST is answered with this status and body.
std::function<void(Program&)> posts_answered(int status, const std::string& body,
                                             const std::string& type = "application/json") {
  return [=](Program& program) {
    support::FakeAnswer answer;
    answer.status = status;
    answer.headers = {{"Content-Type", type}};
    answer.body = body;
    program.peers.bitbucket_faults.whenever(is_post, answer_instead(answer));
  };
}

std::string envelope(const std::string& message, const std::string& exception) {
  return R"({"errors":[{"context":null,"message":")" + message +
         R"(","exceptionName":"com.atlassian.bitbucket.)" + exception + R"("}]})";
}

std::vector<Refusal> refusals() {
  return {
      {"WrongPassword", [](Program& program) { program.environment["BITBUCKET_PASSWORD"] = "wrong"; }, 77,
       "BITBUCKET_PASSWORD"},
      {"Captcha",
       posts_answered(401, envelope("CAPTCHA required.", "auth.CaptchaRequiredAuthenticationException")), 77,
       "CAPTCHA"},
      {"NoLicence", posts_answered(401, envelope("no licence", "auth.NoAccessAuthenticationException")), 77,
       "licence"},
      {"NotPermitted", [](Program& program) { program.peers.bitbucket.forbid("ACME", "web"); }, 1,
       "the permission to read it"},
      {"Forbidden", posts_answered(403, "XSRF check failed", "text/html"), 0, "answered 403"},
      {"NoRepository",
       posts_answered(
           404, envelope("Repository ACME/web does not exist.", "repository.NoSuchRepositoryException")),
       1, "Repository ACME/web does not exist"},
      {"NoCommit",
       [](Program& program) {
         program.peers.bitbucket.settings().unknown_commit = support::UnknownCommit::not_found;
       },
       0, "does not exist in repository"},
      {"BadRequest", posts_answered(400, envelope("The key is blank", "ArgumentValidationException")), 0,
       "The key is blank"},
      {"NotFoundWithoutABody", posts_answered(404, ""), 0, "answered 404"},
      {"Archived", [](Program& program) { program.peers.bitbucket.archive("ACME", "web"); }, 0, "read-only"},
      {"TooLarge", posts_answered(413, ""), 0, "answered 413"},
      {"WrongType", posts_answered(415, ""), 0, "answered 415"},
      {"TooManyRequests",
       [](Program& program) {
         program.peers.bitbucket_faults.whenever(is_post, support::answer_too_many("3600"));
       },
       75, "answered 429"},
      {"ServerError", posts_answered(500, envelope("An error occurred", "x")), 75, "An error occurred"},
      {"ProxyError", posts_answered(502, "<html>Bad Gateway</html>", "text/html"), 75, "answered 502"},
      {"Maintenance", [](Program& program) { program.peers.bitbucket.settings().maintenance = true; }, 75,
       "answered 503"},
      {"LoginPage",
       [](Program& program) { program.peers.bitbucket_faults.always(support::answer_html(200)); }, 76,
       "BITBUCKET_URL"},
  };
}

class ServerThatRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(ServerThatRefuses, EndsThePassAsDocumentedAndLosesNothing) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").commit(commit_named("c")).passed());
  program.environment["CONNECTOR_DEADLINE"] = "8s";
  GetParam().begin(program);
  const auto refused = program.run({"-v"});
  EXPECT_EQ(refused.exit_status, GetParam().exit_status) << refused.err;
  EXPECT_NE(refused.err.find(GetParam().message), std::string::npos) << refused.err;
  {
    const std::lock_guard hold(program.http.models());
    program.peers.bitbucket_faults.clear();
    program.peers.bitbucket.settings() =
        support::BitbucketSettings{.base_url = program.peers.bitbucket.settings().base_url};
    program.peers.bitbucket.add_commit("ACME", "web", commit_named("c"));
    program.peers.organization.advance(12min);
  }
  if (GetParam().name == "NotPermitted" || GetParam().name == "Archived") return;  // the fake cannot undo it
  program.environment["BITBUCKET_PASSWORD"] = support::Credentials{}.password;
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("c")), "SUCCESSFUL");
}

INSTANTIATE_TEST_SUITE_P(Each, ServerThatRefuses, testing::ValuesIn(refusals()),
                         [](const auto& refusal) { return refusal.param.name; });

}  // namespace
}  // namespace connector
