// Exit statuses that no other test of this program ends with, each by what brings it about at a user's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>

#include "core/saved_state.hh"
#include "end_to_end/program.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/sanitized.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::Program;
using testing::HasSubstr;

TEST(ExitStatus69, IsThatOfAFailureThatLastsForHalfAnHour) {
  Program program;
  program.peers.buildkite_faults.always(support::answer_too_many("3600"));
  ASSERT_EQ(program.run().exit_status, 75);
  auto decoded = state::decode(support::read_file(program.state_file()));
  auto& state = std::get<SavedState>(decoded);
  ASSERT_TRUE(state.failing_since);
  for (const auto& [age, status] : {std::pair(20min, 75), {31min, 69}}) {
    SavedState older = state;
    *older.failing_since -= age;
    support::write_file(program.state_file(), state::encode(older));
    EXPECT_EQ(program.run().exit_status, status) << age.count() << " minutes";
  }
  program.peers.buildkite_faults.clear();
  EXPECT_EQ(program.run().exit_status, 0);
}

// A bug that is known is mended, so the test takes what ends in the same place: memory that is not there.
TEST(ExitStatus70, IsThatOfAPassThatCannotGoOnForAReasonOfItsOwn) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer needs the whole address space";
  Program program;
  const auto with_memory = [&](int kilobytes) {
    return program.run_in_shell("ulimit -v " + std::to_string(kilobytes) + "; exec \"$0\"");
  };
  int kilobytes = 16 << 10;
  while (kilobytes < 1 << 20 && with_memory(kilobytes).exit_status != 0) kilobytes += 4096;
  constexpr std::size_t large = std::size_t{30} << 20U;
  program.peers.buildkite_faults.always(
      support::answer_instead(support::json_answer(200, std::string(large, ' '))));
  const auto result = with_memory(kilobytes + 4096);
  EXPECT_EQ(result.exit_status, 70) << result.err;
  EXPECT_THAT(result.err, HasSubstr("memory"));
  program.peers.buildkite_faults.clear();
  EXPECT_EQ(program.run().exit_status, 0);
}

TEST(ExitStatus74, IsThatOfAStateThatCannotBeWritten) {
  Program program;
  program.add_passed_builds(3);
  const auto result = program.run_in_shell("ulimit -f 1; exec \"$0\"");
  EXPECT_EQ(result.exit_status, 74) << result.err;
  EXPECT_THAT(result.err, HasSubstr("ulimit -f"));
  EXPECT_EQ(program.posts(), 0U);
}

}  // namespace
}  // namespace connector
