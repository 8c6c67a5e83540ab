// Passes and the places of repositories: hosts nobody told us of, repositories that are closed, absent or
// renamed.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>

#include "pass/history.hh"
#include "support/bitbucket_answers.hh"

namespace connector {
namespace {

using support::a_build;
using support::commit_named;
using support::FakeRequest;
using support::History;
using support::noon;
using namespace std::chrono_literals;

const std::string ssh_web = "ssh://git@git.example.com:7999/acme/web.git";  // as the fake's clone links say

struct Places : History {
  Places() {
    add_repository("web");
    add_repository("shop");
  }

  /// A passed build that was created a minute ago; its commit is named by pipeline and number.
  void add(std::string_view pipeline, std::uint64_t number, const std::string& clone_url = {}) {
    auto build = a_build().of(pipeline).number(number).commit(commit_of(pipeline, number));
    if (!clone_url.empty()) build.in_repository(clone_url);
    peers.organization.add(build.created(peers.organization.now() - 1min).passed());
  }
  static std::string commit_of(std::string_view pipeline, std::uint64_t number) {
    return commit_named(std::string(pipeline) + std::to_string(number));
  }
  [[nodiscard]] std::string shown_for(std::string_view pipeline, std::uint64_t number) const {
    return shown(pipeline, commit_of(pipeline, number));
  }
  /// How many requests asked for a repository itself.
  [[nodiscard]] std::size_t questions() const {
    const auto& requests = peers.bitbucket_log.requests();
    return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [](const auto& request) {
      return request.target.find("/repos/") != std::string::npos &&
             request.target.find("/commits/") == std::string::npos;
    }));
  }
  ExitStatus pass_after(std::chrono::milliseconds pause) {
    wait(pause);
    return pass().status;
  }
};

TEST(UnknownHost, IsAskedAboutOnceAndItsBuildsAreReportedInTheSamePass) {
  Places history;
  history.add("web", 1, ssh_web);
  history.add("shop", 1, "git@git.example.com:acme/shop.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.shown_for("web", 1), "SUCCESSFUL");
  EXPECT_EQ(history.shown_for("shop", 1), "SUCCESSFUL");
  EXPECT_EQ(history.questions(), 1U) << "one repository speaks for its host";
  history.add("web", 2, ssh_web);
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok);
  EXPECT_EQ(history.shown_for("web", 2), "SUCCESSFUL");
  EXPECT_EQ(history.questions(), 1U);
}

TEST(UnknownHost, ThatIsNotOursIsAskedAboutOnceAndWarnedOf) {
  Places history;
  history.add("web", 1, "git@gitlab.internal:acme/web.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_NE(history.messages.find("host=gitlab.internal"), std::string::npos) << history.messages;
  EXPECT_EQ(history.peers.bitbucket.record_count(), 0U);
  history.add("web", 2, "git@gitlab.internal:acme/web.git");
  history.pass_after(1min);
  EXPECT_EQ(history.questions(), 1U);
}

TEST(UnknownHost, OfARepositoryThatTheServerDoesNotHaveIsNotOurs) {
  Places history;
  history.add("api", 1, "git@gitlab.internal:tools/api.git");
  history.add("api", 2, "git@gitlab.internal:tools/api.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.questions(), 1U);
  EXPECT_EQ(history.peers.bitbucket.record_count(), 0U);
}

TEST(UnknownHost, LosesNoBuildWhileBitbucketCannotBeAsked) {
  Places history;
  history.add("web", 1, ssh_web);
  history.peers.bitbucket_faults.always(support::answer_status(503));
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  history.peers.bitbucket_faults.clear();
  EXPECT_EQ(history.pass_after(2h), ExitStatus::ok) << "long after the overlap; " << history.messages;
  EXPECT_EQ(history.shown_for("web", 1), "SUCCESSFUL");
}

TEST(UnknownHost, OfAPublicServiceIsNotAskedAbout) {
  Places history;
  history.add("web", 1, "git@github.com:acme/web.git");
  history.add("shop", 1, "https://bitbucket.org/acme/shop.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
  EXPECT_EQ(history.messages, "");
}

TEST(UnknownHost, IsReportedByCommitWhereTheUserWantsThat) {
  Places history;
  history.settings.rules.scope.report_unmatched = true;
  history.add("api", 1, "git@gitlab.internal:tools/api.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket.record_count(), 1U);
}

TEST(OurHost, WithAnotherContextPathIsAnotherApplicationUnlessTheServerSaysOtherwise) {
  Places history;
  history.add("web", 1, "https://bitbucket.example.com/git/scm/acme/web.git");
  EXPECT_EQ(history.pass().status, ExitStatus::ok);
  EXPECT_EQ(history.questions(), 1U);
  EXPECT_EQ(history.peers.bitbucket.record_count(), 0U);
}

TEST(ClosedRepository, IsParkedAloneAndCostsOneRequestNowAndThen) {
  Places history;
  for (std::uint64_t number = 1; number <= 20; ++number) history.add("web", number);
  history.add("shop", 1);
  history.peers.bitbucket.forbid("ACME", "web");
  history.settings.parallel_posts = 1;
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete);
  EXPECT_EQ(history.shown_for("shop", 1), "SUCCESSFUL");
  EXPECT_NE(history.messages.find("repository=ACME/web"), std::string::npos) << history.messages;
  history.peers.bitbucket_log.clear();
  history.add("web", 21);
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok) << "said already";
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U) << "not before five minutes are over";
  EXPECT_EQ(history.pass_after(5min), ExitStatus::ok);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 1U) << "one status speaks for all of them";
}

TEST(ClosedRepository, GetsAllThatWaitedOnceItOpens) {
  Places history;
  history.add("web", 1);
  history.add("shop", 1);
  const auto private_web = [](const FakeRequest& request) {
    return request.target.find("/repos/web/") != std::string::npos;
  };
  history.peers.bitbucket_faults.whenever(
      private_web, support::answer_instead(
                       support::errors_answer(401, {{"", "You are not permitted to access this resource",
                                                     "com.atlassian.bitbucket.AuthorisationException"}})));
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete);
  history.peers.bitbucket_faults.clear();
  history.add("web", 2);
  EXPECT_EQ(history.pass_after(10min), ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.shown_for("web", 1), "SUCCESSFUL");
  EXPECT_EQ(history.shown_for("web", 2), "SUCCESSFUL");
  EXPECT_TRUE(history.state.parked.empty());
}

TEST(ClosedRepository, IsKnownByA401OfAnyKindOnceTheLoginHasWorked) {
  Places history;
  history.add("shop", 1);
  history.pass();
  history.add("web", 1);
  history.wait(10s);
  history.add("shop", 2);
  history.peers.bitbucket_faults.whenever(
      [](const FakeRequest& request) { return request.target.find("/repos/web/") != std::string::npos; },
      support::answer_status(401));
  history.settings.parallel_posts = 1;
  EXPECT_EQ(history.pass_after(1min), ExitStatus::incomplete) << history.messages;
  EXPECT_EQ(history.shown_for("shop", 2), "SUCCESSFUL");
  EXPECT_FALSE(history.state.login_refusal.has_value());
}

TEST(ClosedRepositories, ThatAreAllThatWereTriedAreTheAccountsTrouble) {
  Places history;
  history.add("web", 1);
  history.add("shop", 1);
  history.peers.bitbucket.forbid("ACME", "web");
  history.peers.bitbucket.forbid("ACME", "shop");
  EXPECT_EQ(history.pass().status, ExitStatus::no_permission);
}

TEST(AbsentRepositories, AreNoTroubleOfTheAccount) {
  Places history;
  history.add("nowhere", 1);
  history.add("gone", 1);
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete);
}

TEST(OldEndpoint, ThatIsClosedToTheAccountHoldsUpNoRepository) {
  Places history;
  history.settings.rules.scope.report_unmatched = true;
  history.peers.bitbucket.settings().unlicensed = true;
  history.add("web", 1);
  history.wait(10s);
  history.add("api", 1, "git@github.com:acme/api.git");  // the newest, so it goes first
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete) << history.messages;
  EXPECT_EQ(history.shown_for("web", 1), "SUCCESSFUL");
}

TEST(ForbiddenText, OfOneStatusHoldsUpNoOther) {
  Places history;
  for (std::uint64_t number = 1; number <= 20; ++number) history.add("web", number);
  const std::string disliked = Places::commit_of("web", 20);
  history.peers.bitbucket_faults.whenever(
      [&](const FakeRequest& request) { return request.target.find(disliked) != std::string::npos; },
      support::answer_html(403));
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  for (std::uint64_t number = 1; number < 20; ++number)
    EXPECT_EQ(history.shown_for("web", number), "SUCCESSFUL") << number;
}

TEST(UnknownHost, LosesNoBuildWhenThePassIsKilledWhileItIsAskedAbout) {
  Places history;
  history.settings.initial_search_time = 24h * 14;
  auto old = a_build().of("shop").number(1).in_repository(ssh_web).commit(commit_named("old"));
  history.peers.organization.add(old.created(noon - 24h * 8).passed());
  history.add("web", 1);  // to be posted at once, so that the state is saved before Bitbucket has answered
  history.on_save = [](SavedState&, pass::SaveMoment) {};
  SavedState saved;
  history.on_save = [&](SavedState& state, pass::SaveMoment moment) {
    saved = state;
    if (moment == pass::SaveMoment::before_posting) throw std::runtime_error("killed");
  };
  EXPECT_THROW(history.pass(), std::runtime_error);
  history.state = saved;
  history.on_save = [](SavedState&, pass::SaveMoment) {};
  for (int i = 0; i < 3; ++i) history.pass_after(1min);
  EXPECT_EQ(
      history.peers.bitbucket.shown_state("ACME", "web", commit_named("old"), support::a_pipeline("shop").id),
      "SUCCESSFUL");
}

TEST(AbsentRepository, IsParkedAndNamed) {
  Places history;
  history.add("nowhere", 1);
  history.add("web", 1);
  EXPECT_EQ(history.pass().status, ExitStatus::incomplete);
  EXPECT_NE(history.messages.find("repository=ACME/nowhere"), std::string::npos) << history.messages;
  EXPECT_NE(history.messages.find("does not exist"), std::string::npos) << history.messages;
  EXPECT_EQ(history.shown_for("web", 1), "SUCCESSFUL");
}

struct Renamed : Places {
  Renamed() {
    for (std::uint64_t number = 1; number <= 3; ++number) add("web", number);
    pass();
    peers.bitbucket.rename("ACME", "web", "OPS", "site");
    messages.clear();
  }
  [[nodiscard]] std::string shown_on_site(std::uint64_t number) const {
    return peers.bitbucket.shown_state("OPS", "site", commit_of("web", number),
                                       support::a_pipeline("web").id);
  }
};

TEST(RenamedRepository, IsFollowedToItsNewNameAndToldOfOnce) {
  Renamed history;
  for (std::uint64_t number = 4; number <= 20; ++number) history.add("web", number);
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok) << history.messages;
  for (std::uint64_t number = 1; number <= 20; ++number)
    EXPECT_EQ(history.shown_on_site(number), "SUCCESSFUL");
  EXPECT_NE(history.messages.find("from=ACME/web to=OPS/site"), std::string::npos) << history.messages;
  history.messages.clear();
  history.peers.bitbucket_log.clear();
  history.add("web", 21);
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok);
  EXPECT_EQ(history.messages, "");
  EXPECT_EQ(history.peers.bitbucket_log.size(), 1U) << "the new name is remembered, nothing is told twice";
}

TEST(RenamedRepository, IsFollowedWithManyRequestsUnderWay) {
  Renamed history;
  history.add("shop", 1);  // proves the login
  history.wait(10s);
  for (std::uint64_t number = 4; number <= 30; ++number) history.add("web", number);
  history.settings.parallel_posts = 16;
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok) << history.messages;
  for (std::uint64_t number = 4; number <= 30; ++number)
    EXPECT_EQ(history.shown_on_site(number), "SUCCESSFUL") << number;
}

TEST(RenamedRepository, SettlesADoubtUnderItsNewName) {
  Places history;
  history.add("web", 1);
  history.peers.bitbucket_faults.whenever([](const FakeRequest& request) { return request.method == "POST"; },
                                          support::lose_the_answer());
  history.pass();
  history.peers.bitbucket_faults.clear();
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok);
  history.peers.bitbucket.rename("ACME", "web", "OPS", "site");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(history.pass_after(10min), ExitStatus::ok) << history.messages;
  history.peers.bitbucket_log.clear();
  history.pass_after(10min);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

TEST(RenamedRepository, IsNotOneWhereARedirectLeadsToAnotherApplication) {
  Places history;
  history.add("web", 1);
  history.peers.bitbucket_faults.whenever(
      [](const FakeRequest& request) { return request.target.find("/repos/web/") != std::string::npos; },
      [](const FakeRequest&, const support::Handler&) {
        support::FakeAnswer answer = support::html_answer(302, "");
        answer.headers.emplace_back("Location", "/login/projects/ACME/repos/shop/browse");
        return answer;
      });
  history.pass();
  EXPECT_TRUE(history.state.repositories.renames.empty());
  EXPECT_EQ(history.peers.bitbucket.record_count(), 0U);
}

TEST(RenamedRepository, OnAnUnknownHostIsFollowedToo) {
  Places history;
  history.peers.bitbucket.rename("ACME", "web", "OPS", "site");
  history.add("web", 1, ssh_web);
  EXPECT_EQ(history.pass().status, ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.peers.bitbucket.shown_state("OPS", "site", Places::commit_of("web", 1),
                                                support::a_pipeline("web").id),
            "SUCCESSFUL");
}

TEST(RenamedRepository, IsForgottenWhenAnotherTakesItsName) {
  Renamed history;
  history.add("web", 4);
  history.pass_after(1min);
  history.add_repository("web");
  history.add("web", 5);
  history.pass_after(25h);
  history.add("web", 6);
  EXPECT_EQ(history.pass_after(1min), ExitStatus::ok) << history.messages;
  EXPECT_EQ(history.shown_for("web", 6), "SUCCESSFUL");
}

TEST(RenamedRepository, ThatLeadsInACircleIsNotFollowedForEver) {
  Places history;
  history.add("web", 1);
  history.peers.bitbucket_faults.whenever(
      [](const FakeRequest& request) { return request.target.find("/repos/") != std::string::npos; },
      [](const FakeRequest& request, const support::Handler&) {
        const bool at_web = request.target.find("/repos/web/") != std::string::npos;
        support::FakeAnswer answer = support::html_answer(307, "");
        answer.headers.emplace_back("Location",
                                    at_web ? "/rest/api/latest/projects/ACME/repos/b/commits/c/builds"
                                           : "/rest/api/latest/projects/ACME/repos/web/commits/c/builds");
        return answer;
      });
  EXPECT_EQ(history.pass().status, ExitStatus::temp_fail);
  EXPECT_LE(history.peers.bitbucket_log.size(), 4U);
}

}  // namespace
}  // namespace connector
