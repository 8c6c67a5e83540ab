// Answers of a well-meaning server that are wrong all the same: no time or an impossible one, a list that is
// empty by mistake, a failure in the middle of the work. None hides a build.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "core/text/text.hh"
#include "pass/history.hh"

namespace connector {
namespace {

using support::commit_named;
using support::FakeRequest;
using support::Handler;
using support::History;
using support::noon;
using support::WebHistory;
using namespace std::chrono_literals;

struct OddDate {
  const char* name;
  std::optional<std::string> date;
};

void PrintTo(const OddDate& odd, std::ostream* out) {
  *out << odd.name;
}

/// The peer's answer with another Date.
support::Fault dated(const std::optional<std::string>& date) {
  return [date](const FakeRequest& request, const Handler& peer) {
    auto answer = peer(request);
    std::erase_if(answer.headers, [](const auto& field) { return ascii_lower(field.first) == "date"; });
    if (date) answer.headers.emplace_back("Date", *date);
    return answer;
  };
}

class ServerDate : public testing::TestWithParam<OddDate> {
 protected:
  std::string build_that_is_listed_late(std::chrono::milliseconds lag) {
    static int named = 0;
    const std::string commit = commit_named("late " + std::to_string(++named));
    history_.organization.habits().listing_lag = lag;
    const auto number = history_.organization.create("web", commit);
    history_.organization.start("web", number);
    history_.organization.pass("web", number);
    history_.organization.habits().listing_lag = 0ms;
    return commit;
  }

  WebHistory history_;
};

TEST_P(ServerDate, HidesNoBuild) {
  history_.pass_for(3min);
  history_.peers.buildkite_faults.always(dated(GetParam().date));
  const std::string before = build_that_is_listed_late(4min);
  history_.pass_for(3min);
  history_.peers.buildkite_faults.clear();
  const std::string after = build_that_is_listed_late(4min);
  history_.pass_for(15min);
  EXPECT_EQ(history_.shown_on(before), "SUCCESSFUL");
  EXPECT_EQ(history_.shown_on(after), "SUCCESSFUL");
  EXPECT_LE(history_.state.cursors.created, history_.organization.now()) << "no build is from the future";
}

INSTANTIATE_TEST_SUITE_P(Each, ServerDate,
                         testing::Values(OddDate{"Missing", std::nullopt}, OddDate{"Junk", "about noon"},
                                         OddDate{"LongAgo", "Thu, 01 Jan 1970 00:00:00 GMT"},
                                         OddDate{"FarAhead", "Thu, 31 Dec 2099 23:59:59 GMT"},
                                         OddDate{"OfACache", "Thu, 15 Jan 2026 11:00:00 GMT"}),
                         [](const auto& odd) { return std::string(odd.param.name); });

TEST(EmptyListing, ByMistakeHidesNoBuild) {
  History history;
  history.add_passed_builds(1, 3, noon - 10min, 0ms);
  history.pass();
  history.add_passed_builds(4, 4, noon, 1s);
  history.wait(1min);
  history.peers.buildkite_faults.always(support::answer_instead(support::json_answer(200, "[]")));
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  history.peers.buildkite_faults.clear();
  history.wait(3h);
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.shown("web", commit_named("4")), "SUCCESSFUL");
}

TEST(Bitbucket, ThatFailsInTheMiddleGetsExactlyTheRestFromTheNextPass) {
  History history;
  history.add_passed_builds(1, 20, noon - 10min, 0ms);
  history.settings.parallel_posts = 1;
  std::size_t posts = 0;
  history.peers.bitbucket_faults.whenever(
      [&posts](const FakeRequest& request) { return request.method == "POST" && ++posts > 7; },
      support::answer_status(503));
  const auto report = history.pass();
  EXPECT_EQ(report.status, ExitStatus::temp_fail);
  EXPECT_EQ(report.counts.posted, 7U);
  EXPECT_EQ(report.counts.waiting, 13U);
  history.peers.bitbucket_faults.clear();
  history.peers.bitbucket_log.clear();
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.peers.bitbucket_log.count("POST"), 13U);
  EXPECT_EQ(history.peers.bitbucket.record_count(), 20U);
}

TEST(Commit, InCapitalLettersIsTheSame) {
  WebHistory history;
  std::string capitals = commit_named("c");
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  const auto number = history.organization.create("web", capitals);
  history.organization.start("web", number);
  history.organization.pass("web", number);
  history.pass_for(1min);
  EXPECT_EQ(history.shown_on(commit_named("c")), "SUCCESSFUL");
}

}  // namespace
}  // namespace connector
