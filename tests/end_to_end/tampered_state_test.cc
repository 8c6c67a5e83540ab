// A state file that somebody or something has changed: set aside with a word where it is damaged, left alone
// with the way out where it may be of use to another, refused where it is no file. No status is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "end_to_end/program.hh"
#include "state/checksum.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Program;
using support::read_file;
using support::write_file;
using testing::HasSubstr;

using Tampering = std::function<std::string(std::string)>;

/// The state with its own text changed and the checksum made right again.
std::string vouched_for(const std::string& state, const std::function<void(std::string&)>& change) {
  std::string rest = state.substr(state.find('\n') + 1);
  change(rest);
  return state::checksum_line(rest) + rest;
}

void replace(std::string& text, std::string_view from, const std::string& to) {
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

/// One member more, beside those that there are.
Tampering with_member(std::function<std::string()> member) {
  return [member = std::move(member)](const std::string& state) {
    return vouched_for(state, [&](std::string& rest) { rest = member() + ",\n" + rest; });
  };
}

Tampering with(const std::string& from, const std::string& to) {
  return [=](const std::string& state) {
    return vouched_for(state, [&](std::string& rest) { replace(rest, from, to); });
  };
}

std::string deep(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

struct Case {
  const char* name;
  Tampering tampering;
};

void PrintTo(const Case& row, std::ostream* out) {
  *out << row.name;
}

/// A world in which one status was told, one is due, and the state file can be changed between passes.
class StateThat : public testing::TestWithParam<Case> {
 protected:
  StateThat() {
    program.add_passed_builds(1);
    EXPECT_EQ(program.run().exit_status, 0);
    program.peers.organization.advance(std::chrono::minutes{1});
    auto& organization = program.peers.organization;
    organization.add(
        program.a_build_of("web").number(2).commit(commit_named("2")).created(organization.now()).failed());
  }
  void tamper(const Tampering& tampering) {
    tampered_ = tampering(read_file(program.state_file()));
    write_file(program.state_file(), tampered_);
  }
  [[nodiscard]] bool is_untouched() const { return read_file(program.state_file()) == tampered_; }
  /// Nobody who only looks changes anything or falls over it.
  void expect_lookers_to_leave_it() {
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--check=offline"}, {"-n"}, {"--explain", commit_named("1")}}) {
      const auto result = program.run(options);
      EXPECT_EQ(result.signal, 0) << options.front();
      EXPECT_NE(result.exit_status, 70) << options.front() << ": " << result.err;
      EXPECT_TRUE(is_untouched()) << options.front();
    }
  }
  [[nodiscard]] std::vector<std::string> files_set_aside() const {
    std::vector<std::string> contents;
    for (const auto& entry : std::filesystem::directory_iterator(program.directory.path())) {
      if (entry.path().string().find(".damaged-") != std::string::npos)
        contents.push_back(read_file(entry.path()));
    }
    return contents;
  }
  void expect_all_told() {
    EXPECT_EQ(program.shown("web", commit_named("1")), "SUCCESSFUL");
    EXPECT_EQ(program.shown("web", commit_named("2")), "FAILED");
  }

  Program program;
  std::string tampered_;
};

class StateThatIsDamaged : public StateThat {};

TEST_P(StateThatIsDamaged, IsSetAsideWithAWordAndLosesNoStatus) {
  tamper(GetParam().tampering);
  expect_lookers_to_leave_it();
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("is damaged: "));
  EXPECT_LT(result.err.size(), 2000U);
  EXPECT_EQ(files_set_aside(), std::vector<std::string>{tampered_});
  expect_all_told();
  const auto next = program.run();
  EXPECT_EQ(next.exit_status, 0) << next.err;
  EXPECT_EQ(next.err, "");
}

const std::vector<Case> damages = {
    {"Emptied", [](const std::string&) { return std::string(); }},
    {"OneByteLong", [](const std::string& state) { return state.substr(0, 1); }},
    {"CutInTheMiddle", [](const std::string& state) { return state.substr(0, state.size() / 2); }},
    {"WithoutItsLastByte", [](const std::string& state) { return state.substr(0, state.size() - 1); }},
    {"WithATail", [](const std::string& state) { return state + "}"; }},
    {"Zeroed", [](const std::string& state) { return std::string(state.size(), '\0'); }},
    {"OfAnotherProgram", [](const std::string&) { return std::string("{\"bookmarks\":[]}\n"); }},
    {"OfNoText", [](const std::string&) { return std::string("\x7F\x45LF\x02\xFF\xFE\0\n", 9); }},
    {"WithAForgottenChecksum",
     [](std::string state) {
       replace(state, "\"generation\":", "\"generation\":1");
       return state;
     }},
    {"WithAMemberOfAnotherKind", with("\"generation\":", "\"generation\":\"x\",\"generation_was\":")},
    {"WithANegativeNumber", with("\"generation\":", "\"generation\":-1,\"generation_was\":")},
    {"WithAMemberDeeperThanAny", with_member([] { return "\"more\":" + deep(100'000); })},
    {"WithABrokenEnd", [](const std::string& state) {
       return vouched_for(state, [](std::string& rest) { rest += deep(100'000); });
     }}};

INSTANTIATE_TEST_SUITE_P(Each, StateThatIsDamaged, testing::ValuesIn(damages),
                         [](const auto& row) { return std::string(row.param.name); });

class StateWithAFlippedBit : public StateThat {};

TEST_F(StateWithAFlippedBit, IsNeverTakenForAWholeOne) {
  const std::string whole = read_file(program.state_file());
  constexpr std::size_t places = 24;
  for (std::size_t i = 0; i < places; ++i) {
    const std::size_t at = i * (whole.size() - 1) / (places - 1);
    SCOPED_TRACE("byte " + std::to_string(at));
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (i % 8)));
    write_file(program.state_file(), flipped);
    program.peers.organization.advance(std::chrono::minutes{1});
    const auto result = program.run();
    EXPECT_EQ(result.exit_status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("is damaged: "));
    expect_all_told();
  }
}

class StateThatIsOdd : public StateThat {};

TEST_P(StateThatIsOdd, IsReadAllTheSame) {
  tamper(GetParam().tampering);
  expect_lookers_to_leave_it();
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  expect_all_told();
}

const std::vector<Case> oddities = {
    {"WithADeepMember", with_member([] { return "\"more\":" + deep(400); })},
    {"WithAHugeMember", with_member([] { return "\"more\":\"" + std::string(20'000'000, 'x') + '"'; })},
    {"WithAMemberTwice", with_member([] { return std::string("\"generation\":1"); })},
};

INSTANTIATE_TEST_SUITE_P(Each, StateThatIsOdd, testing::ValuesIn(oddities),
                         [](const auto& row) { return std::string(row.param.name); });

class StateOfSomebodyElse : public StateThat {};

TEST_P(StateOfSomebodyElse, IsLeftAloneWithTheWayOut) {
  tamper(GetParam().tampering);
  expect_lookers_to_leave_it();
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 65) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--reset-state"));
  EXPECT_TRUE(is_untouched());
  EXPECT_EQ(program.posts(), 1U) << "only what was told before";
  EXPECT_EQ(program.run({"--reset-state"}).exit_status, 0);
  expect_all_told();
}

const std::vector<Case> strangers = {
    {"OfAVersionOfTheFuture", with("\"format\":2", "\"format\":4711")},
    {"OfAnotherOrganization", with("\"organization\":\"acme-inc\"", "\"organization\":\"umbrella\"")},
};

INSTANTIATE_TEST_SUITE_P(Each, StateOfSomebodyElse, testing::ValuesIn(strangers),
                         [](const auto& row) { return std::string(row.param.name); });

class StateLargerThanAny : public StateThat {};

TEST_F(StateLargerThanAny, IsSetAsideWithoutBeingReadWhole) {
  constexpr off_t terabyte = off_t{1} << 40U;
  if (::truncate(program.state_file().c_str(), terabyte) != 0)
    GTEST_SKIP() << "this file system holds no file of a terabyte, however empty";
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("is damaged: "));
  expect_all_told();
  EXPECT_EQ(program.run().exit_status, 0);
}

/// What stands where the state file should: nothing that could be read or replaced.
struct Place {
  const char* name;
  const char* make;  ///< shell command that makes it as "$CONNECTOR_STATE"
};

void PrintTo(const Place& place, std::ostream* out) {
  *out << place.name;
}

class PlaceOfNoState : public testing::TestWithParam<Place> {};

TEST_P(PlaceOfNoState, IsRefusedBeforeAnythingIsPosted) {
  for (const std::string of : {"", ".lock"}) {
    SCOPED_TRACE(of);
    Program program;
    program.add_passed_builds(1);
    const std::string make = "cd \"$(dirname \"$CONNECTOR_STATE\")\"; f=\"$CONNECTOR_STATE" + of + "\"; ";
    ASSERT_EQ(program.run_in_shell(make + GetParam().make).exit_status, 0);
    const auto result = program.run();
    EXPECT_THAT(result.exit_status, testing::AnyOf(73, 74)) << result.err;
    EXPECT_THAT(result.err, testing::AnyOf(HasSubstr("state.json"), HasSubstr("/dev/zero")));
    EXPECT_EQ(program.posts(), 0U);
    for (const char* action : {"--check=offline", "-n"}) EXPECT_EQ(program.run({action}).signal, 0) << action;
    ASSERT_EQ(program.run_in_shell(make + "rm -r \"$f\"").exit_status, 0);
    EXPECT_EQ(program.run().exit_status, 0);
    EXPECT_EQ(program.posts(), 1U);
  }
}

constexpr Place places[] = {
    {"ADirectory", "mkdir \"$f\""},
    {"AFullDirectory", "mkdir \"$f\"; echo x >\"$f/x\""},
    {"APipe", "mkfifo \"$f\""},
    {"ALinkToItself", "ln -s \"$f\" \"$f\""},
    {"ALinkToADevice", "ln -s /dev/zero \"$f\""},
    {"ALinkToAMissingDirectory", "ln -s missing/state.json \"$f\""},
};

INSTANTIATE_TEST_SUITE_P(Each, PlaceOfNoState, testing::ValuesIn(places),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace connector
