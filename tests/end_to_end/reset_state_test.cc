// --reset-state: the way out of a state file that belongs to something else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "end_to_end/program.hh"
#include "state/checksum.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using testing::HasSubstr;

class ResetState : public testing::Test {
 protected:
  ResetState() { program.peers.organization.add(program.a_build_of("web").commit(commit).passed()); }

  // The files whose names begin with that of the state file and this suffix.
  std::vector<std::string> beside(const std::string& suffix) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(program.directory.path())) {
      if (entry.path().string().starts_with(program.state_file() + suffix)) found.push_back(entry.path());
    }
    return found;
  }

  Program program;
  const std::string commit = commit_named("c");
};

TEST_F(ResetState, IsTheCommandThatTheRefusalNames) {
  ASSERT_EQ(program.run().exit_status, 0);
  const std::string foreign = support::read_file(program.state_file());
  program.environment["BUILDKITE_API_URL"] =
      "http://localhost:" + std::to_string(program.http.buildkite().port());
  const auto refused = program.run({"--deadline", "1m", "--config", "/dev/null"});
  ASSERT_EQ(refused.exit_status, 65) << refused.err;
  const std::string promise = "start anew: ";
  ASSERT_THAT(refused.err, HasSubstr(promise));
  const std::string command = refused.err.substr(refused.err.find(promise) + promise.size());
  EXPECT_THAT(command, HasSubstr("--deadline 1m --config /dev/null --reset-state"));

  const auto reset = program.run_in_shell(command);
  EXPECT_EQ(reset.exit_status, 0) << reset.err;
  const auto aside = beside(".foreign-");
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_THAT(reset.err, HasSubstr(aside.front()));
  EXPECT_EQ(program.posts(), 2U) << "nothing is known of what was told before";
  const auto after = program.run();
  EXPECT_EQ(after.exit_status, 0);
  EXPECT_EQ(after.err, "");
}

TEST_F(ResetState, SetsAStateOfANewerVersionAside) {
  const std::string rest = "\"format\":99}\n";
  const std::string newer = state::checksum_line(rest) + rest;
  support::write_file(program.state_file(), newer);
  const auto refused = program.run();
  EXPECT_EQ(refused.exit_status, 65) << refused.err;
  EXPECT_EQ(support::read_file(program.state_file()), newer);
  EXPECT_EQ(program.run({"--reset-state"}).exit_status, 0);
  ASSERT_EQ(beside(".newer-").size(), 1U);
  EXPECT_EQ(support::read_file(beside(".newer-").front()), newer);
  EXPECT_EQ(program.shown("web", commit), "SUCCESSFUL");
}

TEST_F(ResetState, LeavesAStateThatFitsAsItIs) {
  ASSERT_EQ(program.run().exit_status, 0);
  const auto result = program.run({"--reset-state"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(program.posts(), 1U) << "nothing was forgotten";
  EXPECT_EQ(beside(".").size(), 1U) << "only the lock is beside the state";
}

TEST_F(ResetState, IsNothingToAPassWithoutAStateFile) {
  EXPECT_EQ(program.run({"--state=none", "--reset-state"}).exit_status, 0);
  EXPECT_EQ(program.shown("web", commit), "SUCCESSFUL");
}

}  // namespace
}  // namespace connector
