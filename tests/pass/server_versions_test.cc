// Passes against the server versions that are in use: what a reviewer sees, and what Required builds need.
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::History;
using support::noon;
using support::StatusRecord;
using namespace std::chrono_literals;

struct Server {
  std::string name;
  support::BitbucketProfile profile;
  bool required_builds;    ///< statuses hold what the merge check looks for
  std::string canceled;    ///< what is shown for a canceled build
  std::string unheard_of;  ///< what is shown for a state nobody knows; empty for nothing
};

void PrintTo(const Server& server, std::ostream* out) {
  *out << server.name;
}

class ServerVersion : public testing::TestWithParam<Server> {
 protected:
  ServerVersion() {
    history.peers.bitbucket.settings().profile = GetParam().profile;
    history.add_repository("web");
  }
  void add(std::uint64_t number, BuildState state) {
    history.peers.organization.add(a_build()
                                       .of("web")
                                       .number(number)
                                       .on("feature/login")
                                       .commit(commit_named(std::to_string(number)))
                                       .created(noon - 10min)
                                       .in_state(state));
  }
  [[nodiscard]] std::string shown(std::uint64_t number) const {
    return history.shown("web", commit_named(std::to_string(number)));
  }

  History history;
};

TEST_P(ServerVersion, ShowsWhatAReviewerExpects) {
  add(1, BuildState::passed);
  add(2, BuildState::failed);
  add(3, BuildState::running);
  add(4, BuildState::canceled);
  history.peers.organization.add(
      a_build().of("web").number(5).commit(commit_named("5")).created(noon - 10min).in_state("pondering"));
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(shown(1), "SUCCESSFUL");
  EXPECT_EQ(shown(2), "FAILED");
  EXPECT_EQ(shown(3), "INPROGRESS");
  EXPECT_EQ(shown(4), GetParam().canceled);
  EXPECT_EQ(shown(5), GetParam().unheard_of);
  history.wait(1min);
  history.peers.bitbucket_log.clear();
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "told once, whatever word was used";
}

TEST_P(ServerVersion, GetsWhatRequiredBuildsNeedWhereItHasThem) {
  add(1, BuildState::passed);
  history.pass();
  const auto records = history.peers.bitbucket.shown("ACME", "web", commit_named("1"));
  ASSERT_EQ(records.size(), 1U);
  const StatusRecord& record = records.front();
  EXPECT_EQ(record.legacy, !GetParam().required_builds);
  EXPECT_EQ(record.status.parent, GetParam().required_builds ? "web" : "");
  EXPECT_EQ(record.status.ref, GetParam().required_builds ? "refs/heads/feature/login" : "");
  EXPECT_EQ(record.status.build_number, GetParam().required_builds ? "1" : "");
}

TEST_P(ServerVersion, IsReadWhereAPostGotNoAnswer) {
  add(1, BuildState::passed);
  history.peers.bitbucket_faults.whenever(
      [](const support::FakeRequest& request) { return request.method == "POST"; },
      support::lose_the_answer());
  history.pass();
  history.peers.bitbucket_faults.clear();
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  for (int i = 0; i < 5; ++i) {
    history.wait(6min);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  }
  EXPECT_EQ(shown(1), "SUCCESSFUL");
  EXPECT_FALSE(history.state.ledger.entries().front().doubt.has_value());
}

INSTANTIATE_TEST_SUITE_P(Bitbucket, ServerVersion,
                         testing::Values(Server{"v5", support::bitbucket_5(), false, "FAILED", ""},
                                         Server{"v7_4", support::bitbucket_7_4(), true, "FAILED", ""},
                                         Server{"v7", support::bitbucket_7(), true, "FAILED", ""},
                                         Server{"v8", support::bitbucket_8(), true, "CANCELLED", "UNKNOWN"},
                                         Server{"v10", support::bitbucket_10(), true, "CANCELLED",
                                                "UNKNOWN"}),
                         [](const auto& server) { return server.param.name; });

TEST(ServerThatIsUpgraded, IsToldOnItsNewEndpointWithinADay) {
  History history;
  history.peers.bitbucket.settings().profile = support::bitbucket_5();
  history.add_passed_builds(1, 1, noon - 10min, 1min);
  history.pass();
  history.peers.bitbucket.settings().profile = support::bitbucket_8();
  history.wait(25h);
  history.peers.organization.add(
      a_build().of("web").number(2).commit(commit_named("2")).created(history.peers.organization.now()));
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_FALSE(history.peers.bitbucket.shown("ACME", "web", commit_named("2")).front().legacy);
}

TEST(DatabaseOfTheOldKind, GetsAStatusOnceMoreWithoutTheCharactersItCannotStore) {
  History history;
  history.add_repository("web");
  history.peers.bitbucket.settings().refuses_four_byte_characters = true;
  for (std::uint64_t number = 1; number <= 12; ++number) {
    history.peers.organization.add(a_build()
                                       .of("web")
                                       .number(number)
                                       .commit(commit_named(std::to_string(number)))
                                       .message("\xF0\x9F\x9A\x80 Ship caf\xC3\xA9")
                                       .created(noon - 10min)
                                       .passed());
  }
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  const auto records = history.peers.bitbucket.shown("ACME", "web", commit_named("7"));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_NE(records.front().status.description.find("Ship caf\xC3\xA9"), std::string::npos);
  EXPECT_TRUE(history.state.capabilities->basic_plane_only) << "so that others are sent so at once";
}

TEST(DatabaseOfTheNewKind, KeepsEveryCharacter) {
  History history;
  history.add_repository("web");
  history.peers.organization.add(
      a_build().of("web").number(1).message("\xF0\x9F\x9A\x80").created(noon - 10min).passed());
  history.peers.bitbucket_faults.next(support::answer_status(503), 1);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  const auto records = history.peers.bitbucket.shown("ACME", "web", a_build().build().commit);
  EXPECT_NE(records.front().status.description.find("\xF0\x9F\x9A\x80"), std::string::npos);
}

}  // namespace
}  // namespace connector
