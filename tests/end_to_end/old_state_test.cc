// States that are whole but odd: from a backup, very large, or with a cursor at an impossible time.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>

#include "core/saved_state.hh"
#include "end_to_end/program.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/sanitized.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using namespace std::chrono_literals;

TEST(StateOfYesterday, FromABackupTakesNoStatusBack) {
  Program program;
  auto& organization = program.peers.organization;
  organization.add(program.a_build_of("web").number(1).commit(commit_named("one")).running());
  ASSERT_EQ(program.run().exit_status, 0);
  const std::string backup = support::read_file(program.state_file());
  organization.advance(12h);
  organization.pass("web", 1);
  const auto rebuilt = organization.rebuild("web", 1);
  organization.start("web", rebuilt);
  organization.fail("web", rebuilt);
  ASSERT_EQ(program.run().exit_status, 0);
  ASSERT_EQ(program.shown("web", commit_named("one")), "FAILED");
  organization.advance(12h);
  support::write_file(program.state_file(), backup);
  program.peers.bitbucket_log.clear();
  EXPECT_EQ(program.run().exit_status, 0);
  EXPECT_EQ(program.shown("web", commit_named("one")), "FAILED");
  EXPECT_LE(program.posts(), 1U) << "the newest build, and none that it replaced";
}

TEST(StateOfFiftyThousandStatuses, HoldsUpNoPass) {
  Program program;
  program.add_passed_builds(3);
  ASSERT_EQ(program.run().exit_status, 0);
  auto decoded = state::decode(support::read_file(program.state_file()));
  auto& state = std::get<SavedState>(decoded);
  const LedgerEntry model = state.ledger.entries().front();
  constexpr std::size_t statuses = 50'000;
  for (std::size_t i = state.ledger.size(); i < statuses; ++i) {
    LedgerEntry entry = model;
    entry.key.commit = commit_named("old " + std::to_string(i));
    entry.build_number = i;
    state.ledger.add(std::move(entry));
  }
  support::write_file(program.state_file(), state::encode(state));
  program.peers.organization.advance(1min);
  const std::size_t posts = program.posts();
  const auto begun = std::chrono::steady_clock::now();
  const auto result = program.run({"-v"});
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(program.posts(), posts);
  EXPECT_LT(took, support::sanitized ? 20s : 5s);
  decoded = state::decode(support::read_file(program.state_file()));
  EXPECT_EQ(std::get<SavedState>(decoded).ledger.size(), statuses);
}

class ImpossibleCursor : public testing::TestWithParam<int> {};

TEST_P(ImpossibleCursor, HidesNoBuild) {
  Program program;
  program.peers.organization.add(program.a_build_of("web").number(1).commit(commit_named("one")).passed());
  ASSERT_EQ(program.run().exit_status, 0);
  auto decoded = state::decode(support::read_file(program.state_file()));
  auto& state = std::get<SavedState>(decoded);
  state.cursors.created = std::chrono::sys_days{std::chrono::year{GetParam()} / 1 / 1};
  support::write_file(program.state_file(), state::encode(state));
  program.peers.organization.advance(1min);
  program.peers.organization.add(
      program.a_build_of("web").number(2).commit(commit_named("two")).created(support::noon + 30s).passed());
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_NE(result.err.find("impossible time"), std::string::npos) << result.err;
  EXPECT_EQ(program.shown("web", commit_named("two")), "SUCCESSFUL");
  EXPECT_EQ(program.run().exit_status, 0);
}

INSTANTIATE_TEST_SUITE_P(Year, ImpossibleCursor, testing::Values(1960, 2999),
                         [](const auto& year) { return std::to_string(year.param); });

}  // namespace
}  // namespace connector
