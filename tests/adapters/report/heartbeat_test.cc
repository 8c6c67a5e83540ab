// What the services that watch over passes are told of one.
#include "report/heartbeat.hh"

#include <gtest/gtest.h>

namespace connector::report {
namespace {

using namespace std::chrono_literals;

const std::string run_id = "0d3d7a9e-0000-4000-8000-000000000000";

PassRecord a_pass(ExitStatus status) {
  PassRecord pass;
  pass.status = status;
  pass.duration = 1250ms;
  pass.figures.emplace();
  pass.figures->posted = 3;
  pass.figures->outbox = 2;
  return pass;
}

constexpr ExitStatus failures[] = {ExitStatus::data,          ExitStatus::unavailable, ExitStatus::software,
                                   ExitStatus::cant_create,   ExitStatus::io_error,    ExitStatus::protocol,
                                   ExitStatus::no_permission, ExitStatus::config};
constexpr ExitStatus untold[] = {ExitStatus::temp_fail, ExitStatus::interrupted, ExitStatus::terminated};

TEST(Snitch, HearsOfASuccessInAShortText) {
  const auto request = snitch_request(a_pass(ExitStatus::incomplete));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, http::Method::get);
  EXPECT_EQ(request->target, "?m=incomplete%2C%203%20statuses%20posted%2C%202%20waiting");
}

TEST(Snitch, HearsTheExitStatusOfAFailure) {
  for (const ExitStatus status : failures) {
    const auto request = snitch_request(a_pass(status));
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->target.ends_with("waiting&s=" + std::to_string(static_cast<int>(status))))
        << request->target;
  }
}

TEST(Snitch, HearsWhyAPassEndedEarlyInAtMost250Characters) {
  PassRecord pass;
  pass.status = ExitStatus::io_error;
  pass.reason = std::string(300, 'x');
  EXPECT_EQ(snitch_request(pass)->target, "?m=ioerr%2C%20" + std::string(243, 'x') + "&s=74");
}

TEST(Ping, OfASuccessGoesToTheUrlItselfWithTheRun) {
  const auto request = ping_request(a_pass(ExitStatus::ok), run_id);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, http::Method::post);
  EXPECT_EQ(request->target, "?rid=" + run_id);
  EXPECT_TRUE(request->body.starts_with("exit status: 0 (ok)\nseconds: 1.250\nbuilds: 0\n")) << request->body;
  EXPECT_NE(request->body.find("\nstatuses posted: 3\n"), std::string::npos) << request->body;
}

TEST(Ping, OfAFailureNamesTheExitStatus) {
  for (const ExitStatus status : failures) {
    const auto request = ping_request(a_pass(status), run_id);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/" + std::to_string(static_cast<int>(status)) + "?rid=" + run_id);
  }
}

TEST(Ping, SaysWhyAPassEndedEarly) {
  PassRecord pass;
  pass.status = ExitStatus::data;
  pass.reason = "another organization's";
  EXPECT_EQ(ping_request(pass, run_id)->body,
            "exit status: 65 (data)\nreason: another organization's\nseconds: 0.000\n");
}

TEST(Ping, OfTheStartIsAwaitedByNobody) {
  const http::Request request = ping_start_request(run_id);
  EXPECT_EQ(request.target, "/start?rid=" + run_id);
  EXPECT_FALSE(request.awaited);
}

TEST(Heartbeat, IsSilentAboutWhatTheNextPassGoesOnWith) {
  for (const ExitStatus status : untold) {
    EXPECT_FALSE(snitch_request(a_pass(status)));
    EXPECT_FALSE(ping_request(a_pass(status), run_id));
  }
}

TEST(RunId, IsAUuidOfRandomBits) {
  EXPECT_EQ(uuid_of(0, 0), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(uuid_of(~0ULL, ~0ULL), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(uuid_of(0x0123456789abcdefULL, 0x0123456789abcdefULL), "01234567-89ab-4def-8123-456789abcdef");
}

}  // namespace
}  // namespace connector::report
