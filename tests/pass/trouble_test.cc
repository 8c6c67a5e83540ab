// Passes that meet trouble: the exit status a scheduler sees, and that nothing is lost.
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "core/error.hh"
#include "pass/history.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::FakeRequest;
using support::History;
using support::noon;
using namespace std::chrono_literals;

/// A history with `count` passed builds of pipeline web, each on its own commit, that nobody has reported
/// yet.
void add_builds(History& history, std::uint64_t count) {
  history.add_passed_builds(1, count, noon - 10min, 0ms);
}

bool is_post(const FakeRequest& request) {
  return request.method == "POST";
}

TEST(Trouble, OfNotKnowingTheTimeMovesNoCursor) {
  History history;
  add_builds(history, 3);
  history.peers.buildkite_faults.always(support::answer_instead(support::json_answer(200, "[]")));
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << "neither a Date nor a build";
  EXPECT_EQ(history.state.cursors, Cursors{});
  history.peers.buildkite_faults.clear();
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.peers.bitbucket.record_count(), 3U);
}

TEST(Trouble, OfBuildkiteMovesNoCursorAndIsMadeUpForByTheNextPass) {
  struct Case {
    support::Fault fault;
    ExitStatus status;
  };
  const std::vector<Case> cases = {
      {support::answer_status(500), ExitStatus::temp_fail},
      {support::answer_status(401), ExitStatus::no_permission},
      {support::answer_status(403), ExitStatus::no_permission},
      {support::answer_status(404), ExitStatus::config},
      {support::answer_html(200), ExitStatus::protocol},
      {support::answer_instead(support::json_answer(200, "{}")), ExitStatus::protocol},
      {support::answer_instead(support::json_answer(200, "null")), ExitStatus::protocol},
      {support::answer_instead(support::json_answer(200, R"([{"id":)")), ExitStatus::protocol},
      {support::cut_the_body(), ExitStatus::temp_fail},
      {support::lose_the_answer(), ExitStatus::temp_fail},
      {support::answer_too_many("3600"), ExitStatus::temp_fail}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    History history;
    add_builds(history, 3);
    history.peers.buildkite_faults.always(cases[i].fault);
    EXPECT_EQ(history.pass().status, cases[i].status) << "case " << i << ": " << history.messages;
    EXPECT_NE(history.messages, "") << "case " << i << ": a failed pass says why";
    EXPECT_FALSE(history.state.cursors.created.has_value()) << "case " << i;
    history.peers.buildkite_faults.clear();
    history.wait(2h);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << "case " << i << ": " << history.messages;
    EXPECT_EQ(history.peers.bitbucket.record_count(), 3U) << "case " << i;
  }
}

TEST(Trouble, WithOneListingIsOnlyTemporaryWhenAnotherWorked) {
  History history;
  add_builds(history, 3);
  history.pass();
  history.wait(1min);
  history.peers.buildkite_faults.whenever(
      [](const FakeRequest& request) { return request.target.find("finished_from") != std::string::npos; },
      support::answer_html(200));
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
}

TEST(Trouble, OfBitbucketKeepsEveryStatusInTheOutbox) {
  for (const auto& fault :
       {support::answer_status(500), support::answer_status(503), support::lose_the_request()}) {
    History history;
    add_builds(history, 30);
    history.peers.bitbucket_faults.whenever(is_post, fault);
    const auto report = history.pass();
    EXPECT_EQ(report.status, ExitStatus::temp_fail);
    EXPECT_EQ(report.counts.waiting, 30U);
    history.peers.bitbucket_faults.clear();
    history.wait(5h);
    EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
    EXPECT_EQ(history.peers.bitbucket.record_count(), 30U);
  }
}

TEST(Trouble, ThatHasLastedHalfAnHourIsCalledUnavailable) {
  History history;
  add_builds(history, 1);
  history.peers.bitbucket_faults.always(support::answer_status(500));
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  history.local_clock = noon + 29min;
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  history.local_clock = noon + 30min;
  EXPECT_EQ(history.pass().status, ExitStatus::unavailable);
  history.peers.bitbucket_faults.clear();
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  history.peers.bitbucket_faults.always(support::answer_status(500));
  history.peers.organization.add(a_build().of("web").number(2).created(history.peers.organization.now()));
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail) << "a complete pass lay in between";
}

TEST(Trouble, WithTheBitbucketLoginCostsOneAttempt) {
  History history;
  add_builds(history, 1);
  history.pass();  // what the server can do is known from now on
  for (std::uint64_t number = 101; number <= 130; ++number) {
    history.peers.organization.add(a_build()
                                       .of("web")
                                       .number(number)
                                       .commit(commit_named(std::to_string(number)))
                                       .created(history.peers.organization.now()));
  }
  history.peers.bitbucket_log.clear();
  history.peers.bitbucket_faults.always(support::answer_status(401));
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::no_permission);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 1U);
  EXPECT_EQ(report.counts.waiting, 30U);
  EXPECT_NE(history.messages.find("BITBUCKET_PASSWORD"), std::string::npos) << history.messages;
}

TEST(Trouble, WithOneStatusHoldsUpNoOther) {
  History history;
  add_builds(history, 20);
  const std::string poison = commit_named("7");
  history.peers.bitbucket_faults.whenever(
      [&](const FakeRequest& request) { return request.target.find(poison) != std::string::npos; },
      support::answer_status(404));
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::ok) << "in back-off, not yet given up: " << history.messages;
  EXPECT_EQ(report.counts.posted, 19U);
  EXPECT_EQ(report.counts.refused, 1U);
  history.peers.bitbucket_log.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "not before five minutes are over";
  history.peers.bitbucket_faults.clear();
  history.wait(5min);
  history.pass();
  EXPECT_EQ(history.shown("web", poison), "SUCCESSFUL");
}

TEST(Trouble, ThatRefusesAStatusForAWeekMakesADeadLetterThatIsNamedOnce) {
  History history;
  add_builds(history, 2);
  const std::string poison = commit_named("1");
  history.peers.bitbucket_faults.whenever(
      [&](const FakeRequest& request) { return request.target.find(poison) != std::string::npos; },
      support::answer_status(400));
  history.pass();
  ExitStatus worst = ExitStatus::ok;
  for (int hours = 0; hours < 24 * 8; hours += 6) {
    history.wait(6h);
    history.messages.clear();
    worst = history.pass().status;
    if (worst != ExitStatus::ok) break;
  }
  EXPECT_EQ(worst, ExitStatus::incomplete);
  EXPECT_NE(history.messages.find(poison.substr(0, 12)), std::string::npos) << history.messages;
  EXPECT_EQ(history.state.dead_letters.size(), 1U);
  history.wait(6h);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
}

TEST(Trouble, WithAWebPageInBitbucketsPlaceIsNoDelivery) {
  for (const int status : {200, 404}) {
    History history;
    add_builds(history, 12);
    history.pass();
    history.peers.organization.add(a_build()
                                       .of("web")
                                       .number(100)
                                       .commit(commit_named("100"))
                                       .created(history.peers.organization.now()));
    history.peers.bitbucket_faults.always(support::answer_html(status));
    history.wait(1min);
    EXPECT_EQ(history.pass().status, ExitStatus::protocol) << status;
    history.peers.bitbucket_faults.clear();
    history.wait(1min);
    EXPECT_EQ(history.pass().status, ExitStatus::ok);
    EXPECT_EQ(history.shown("web", commit_named("100")), "SUCCESSFUL");
  }
}

TEST(Trouble, WithManyStatusesThatAlwaysFailHoldsUpNoOther) {
  History history;
  add_builds(history, 15);
  for (std::uint64_t number = 101; number <= 125; ++number) {
    history.peers.organization.add(a_build()
                                       .of("web")
                                       .number(number)
                                       .commit(commit_named(std::to_string(number)))
                                       .message("\xF0\x9F\x9A\x80")
                                       .created(noon - 1min)
                                       .passed());
  }
  history.peers.bitbucket.settings().refuses_four_byte_characters = true;
  for (int passes = 0; passes < 5; ++passes) {
    history.pass();
    history.wait(1min);
  }
  for (int number = 1; number <= 15; ++number) {
    EXPECT_EQ(history.shown("web", commit_named(std::to_string(number))), "SUCCESSFUL") << number;
  }
}

TEST(Trouble, WithAPermissionIsNamedWithTheRepositoryOnceADay) {
  History history;
  add_builds(history, 2);
  history.add_repository("secret");
  history.peers.bitbucket.forbid("ACME", "secret");
  history.peers.organization.add(a_build().of("secret").number(1).created(noon - 1min).passed());
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete);
  EXPECT_NE(history.messages.find("repository=ACME/secret"), std::string::npos) << history.messages;
  EXPECT_EQ(history.peers.bitbucket.record_count(), 2U) << "the others are reported";
  history.wait(10min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << "said already";
}

TEST(Trouble, WithTheQuotaInTheMiddleOfAGapIsNoFailure) {
  History history;
  history.add_passed_builds(1, 500, noon - 100h, 1min);
  history.peers.buildkite_faults.whenever(
      [](const FakeRequest& request) {
        return request.target.find("created_to") != std::string::npos &&
               request.target.find("created_from") != std::string::npos;
      },
      support::answer_too_many("3600"));
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
}

TEST(Trouble, WithAnUnknownStateIsWarnedOfOnce) {
  History history;
  history.add_repository("web");
  history.peers.organization.add(a_build().of("web").in_state("pondering").created(noon - 1min));
  history.pass();
  EXPECT_NE(history.messages.find("state=pondering"), std::string::npos) << history.messages;
  history.messages.clear();
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.messages, "");
}

TEST(Token, ThatEndsSoonIsWarnedOfOnceADay) {
  History history;
  history.peers.buildkite.settings().token_lasts = 60h;
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_NE(history.messages.find("expires=2026-01-18T00:00"), std::string::npos) << history.messages;
  history.messages.clear();
  history.wait(23h);
  history.pass();
  EXPECT_EQ(history.messages, "");
  history.wait(1h);
  history.pass();
  EXPECT_NE(history.messages, "");
}

TEST(Token, ThatReplacesOneThatEndsSoonIsNoticedWithinTheHour) {
  History history;
  history.peers.buildkite.settings().token_lasts = 60h;
  history.pass();
  const auto known = history.state.token_expires_at;
  ASSERT_TRUE(known);
  history.peers.buildkite.settings().token_lasts = 30 * 24h;
  history.wait(59min);
  history.pass();
  EXPECT_EQ(history.state.token_expires_at, known);
  history.wait(1min);
  history.pass();
  EXPECT_GT(history.state.token_expires_at, *known + 25 * 24h);
}

TEST(Token, ThatLastsForDaysIsNoMatter) {
  History history;
  history.pass();
  EXPECT_EQ(history.messages, "");
  EXPECT_EQ(history.peers.buildkite_log.count("GET", "/v2/access-token"), 1U);
}

TEST(Trouble, WithTheLastSaveHidesNoWorseCause) {
  History history;
  add_builds(history, 1);
  history.peers.bitbucket_faults.always(support::answer_status(401));
  history.on_save = [](SavedState&, pass::SaveMoment moment) {
    if (moment == pass::SaveMoment::at_end) throw Error(ExitStatus::io_error, "disk full");
  };
  EXPECT_EQ(history.pass().status, ExitStatus::no_permission);
  EXPECT_NE(history.messages.find("disk full"), std::string::npos);
}

TEST(Ignoring, AnEndedStateLeavesNothingInProgress) {
  History history;
  add_builds(history, 0);
  auto& organization = history.peers.organization;
  organization.add_pipeline(support::a_pipeline("web"));
  history.settings.rules.presentation.states.chosen[BuildState::canceled] = std::nullopt;
  organization.create("web", commit_named("told"));
  organization.start("web", 1);
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("told")), "INPROGRESS");
  organization.cancel("web", 1);
  history.wait(1min);
  history.pass();
  EXPECT_EQ(history.shown("web", commit_named("told")), "CANCELLED");
}

TEST(Trouble, WithARecordOfAnAnswerLosesNoOtherBuild) {
  History history;
  add_builds(history, 2);
  history.peers.buildkite_faults.next([](const FakeRequest& request, const support::Handler& peer) {
    auto answer = peer(request);
    answer.body.insert(1, R"({"id":"broken","number":"seven"},)");
    return answer;
  });
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::incomplete);
  EXPECT_EQ(report.counts.unreadable, 1U);
  EXPECT_EQ(report.counts.posted, 2U);
}

}  // namespace
}  // namespace connector
