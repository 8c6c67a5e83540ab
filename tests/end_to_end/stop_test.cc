// A signal in the middle of work: the program ends soon, says so by its status, and the next pass posts
// exactly what is missing.
#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <set>
#include <string>

#include "end_to_end/program.hh"
#include "support/own_namespace.hh"

namespace connector {
namespace {

using support::Program;
using namespace std::chrono_literals;

constexpr std::size_t builds = 1000;

/// The commits of all posts that the server took since the log was cleared.
std::multiset<std::string> delivered(const Program& program) {
  std::multiset<std::string> targets;
  for (const auto& request : program.peers.bitbucket_log.requests()) {
    if (request.method == "POST" && request.status == 204) targets.insert(request.target);
  }
  return targets;
}

/// Runs a pass that gets this signal when the server has 300 posts.
support::ProcessResult interrupted_pass(Program& program, int signal) {
  std::unique_lock lock(program.http.models());  // no request is answered before the process is known
  const support::Process* running = nullptr;
  std::size_t posts = 0;
  program.peers.bitbucket_faults.whenever(
      [](const support::FakeRequest& request) { return request.method == "POST"; },
      [&](const support::FakeRequest& request, const support::Handler& peer) {
        if (++posts == 300) running->send_signal(signal);
        return peer(request);
      });
  const auto process = program.start();
  running = process.get();
  lock.unlock();
  const auto result = process->wait(60s);
  program.peers.bitbucket_faults.clear();
  return result;
}

/// Stops a pass, started in namespaces of these kinds, and looks at what the next one does.
void expect_an_honest_stop(int signal, int namespaces) {
  Program program;
  program.add_passed_builds(builds);
  support::ProcessResult stopped;
  const std::string reason =
      support::in_own_namespace(namespaces, [&] { stopped = interrupted_pass(program, signal); });
  if (!reason.empty()) GTEST_SKIP() << reason;
  EXPECT_FALSE(stopped.timed_out);
  EXPECT_EQ(stopped.exit_status, 128 + signal) << stopped.err;
  const auto before = delivered(program);
  EXPECT_GE(before.size(), 300U);
  EXPECT_LT(before.size(), 350U) << "new work was begun after the signal";

  program.peers.bitbucket_log.clear();
  program.peers.organization.advance(1min);
  const auto next = program.run();
  EXPECT_EQ(next.exit_status, 0) << next.err;
  auto all = delivered(program);
  EXPECT_EQ(all.size(), builds - before.size()) << "what was known as delivered is not posted again";
  all.insert(before.begin(), before.end());
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), builds);
}

TEST(Stop, BySigtermInTheMiddleOfAThousandPostsLosesTrackOfNone) {
  expect_an_honest_stop(SIGTERM, 0);
}

TEST(Stop, BySigintInTheMiddleOfAThousandPostsLosesTrackOfNone) {
  expect_an_honest_stop(SIGINT, 0);
}

TEST(Stop, OfTheFirstProcessOfAContainerLosesTrackOfNone) {
  expect_an_honest_stop(SIGTERM, CLONE_NEWPID);
}

}  // namespace
}  // namespace connector
