// Passes with a login that Bitbucket refuses: five wrong passwords lock an account, and a pass runs every
// minute.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pass/history.hh"
#include "support/bitbucket_answers.hh"

namespace connector {
namespace {

using support::Credentials;
using support::History;
using namespace std::chrono_literals;

/// A history whose password is wrong from its second pass on, with statuses that wait.
struct WrongPassword : History {
  WrongPassword() {
    add_passed_builds(1, 3, support::noon - 10min, 1min);
    pass();
    peers.bitbucket_log.clear();
    messages.clear();
    peers.login = peers.bitbucket.settings().credentials;
    peers.login->password = "another";
    add_passed_builds(4, 6, support::noon - 2min, 1s);
  }
  std::size_t attempts_during(std::chrono::hours time) {
    peers.bitbucket_log.clear();
    for (std::chrono::minutes passed{0}; passed < time; passed += 1min) {
      wait(1min);
      last_status = pass().status;
    }
    return peers.bitbucket_log.size();
  }

  ExitStatus last_status = ExitStatus::ok;
};

TEST(WrongPassword, CostsThreeLoginsHoweverManyPassesThereAre) {
  WrongPassword history;
  EXPECT_EQ(history.attempts_during(48h), 3U);
  EXPECT_EQ(history.last_status, ExitStatus::no_permission);
  EXPECT_LT(history.peers.bitbucket.login().wrong_passwords(), 5U) << "the account is not locked";
}

TEST(WrongPassword, IsToldWithTheTimeOfTheNextAttempt) {
  WrongPassword history;
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::no_permission);
  EXPECT_NE(history.messages.find("not tried again before"), std::string::npos) << history.messages;
  EXPECT_NE(history.messages.find("BITBUCKET_PASSWORD"), std::string::npos) << history.messages;
  history.messages.clear();
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::no_permission);
  EXPECT_NE(history.messages.find("not tried again before"), std::string::npos) << history.messages;
}

TEST(WrongPassword, LosesNoStatusOnceItIsMendedOnTheServer) {
  WrongPassword history;
  history.wait(1min);
  history.pass();
  history.peers.login.reset();
  history.wait(11min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.peers.bitbucket.record_count(), 6U);
  EXPECT_FALSE(history.state.login_refusal.has_value());
}

TEST(WrongPassword, ThatIsChangedIsTriedAtOnce) {
  WrongPassword history;
  EXPECT_EQ(history.attempts_during(5h), 3U);
  history.peers.login.reset();
  history.settings.login = Secret("Basic bot:another");
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
}

TEST(WrongPassword, StaysOutOfAnIdlePass) {
  WrongPassword history;
  history.peers.login.reset();
  history.wait(1min);
  history.pass();
  history.peers.login = Credentials{};
  history.peers.login->password = "another";
  history.wait(1min);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << "nothing is due, so nobody logs in";
}

TEST(Captcha, IsNeverMadeWorse) {
  WrongPassword history;
  history.peers.bitbucket_faults.always(support::answer_instead(support::errors_answer(
      401, {{"", "CAPTCHA required. Your Bitbucket account has been marked",
             "com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException"}})));
  EXPECT_EQ(history.attempts_during(24h), 3U);
  EXPECT_NE(history.messages.find("CAPTCHA"), std::string::npos) << history.messages;
  EXPECT_EQ(history.last_status, ExitStatus::no_permission);
}

TEST(Password, ThatIsChangedInTheMiddleOfAPassLocksNoAccount) {
  for (const bool explained : {true, false}) {
    History history;
    for (int i = 0; i < 40; ++i) {
      const std::string slug = "repository" + std::to_string(i);
      history.add_repository(slug);
      history.peers.organization.add(
          support::a_build().of(slug).number(1).created(support::noon - 10min).passed());
    }
    history.settings.parallel_posts = 1;
    std::size_t posts = 0;
    history.peers.bitbucket_faults.whenever(
        [&posts](const support::FakeRequest& request) { return request.method == "POST" && ++posts > 3; },
        explained ? support::answer_instead(support::errors_answer(
                        401, {{"", "Authentication failed.",
                               "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"}}))
                  : support::answer_status(401));
    EXPECT_EQ(history.pass().status, ExitStatus::no_permission) << history.messages;
    EXPECT_LE(posts, 5U);
    EXPECT_TRUE(history.state.login_refusal.has_value());
  }
}

TEST(Captcha, ThatIsAskedForInTheMiddleOfAPassEndsAllPosting) {
  History history;
  history.add_passed_builds(1, 30, support::noon - 60min, 1min);
  history.add_repository("shop");
  history.settings.parallel_posts = 1;
  std::size_t posts = 0;
  history.peers.bitbucket_faults.whenever(
      [&posts](const support::FakeRequest& request) { return request.method == "POST" && ++posts > 5; },
      support::answer_instead(support::errors_answer(
          401, {{"", "CAPTCHA required.",
                 "com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException"}})));
  EXPECT_EQ(history.pass().status, ExitStatus::no_permission);
  EXPECT_EQ(posts, 6U);
  EXPECT_TRUE(history.state.parked.empty()) << "the repositories are not to blame";
}

}  // namespace
}  // namespace connector
