// What was learned about hosts and renamed repositories, and what is still to be asked.
#include "core/place/repository_map.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

CloneUrl url(const std::string& text) {
  return parse_clone_url(text).value();
}

const CloneUrl web = url("ssh://git@ssh.acme.com:7999/acme/web.git");
const CloneUrl shop = url("ssh://git@ssh.acme.com:7999/acme/shop.git");

TEST(HostStanding, OfAHostNobodyAskedAboutIsToBeAsked) {
  EXPECT_EQ(standing_of(web, {}, noon), HostStanding::to_be_asked);
}

TEST(HostStanding, IsOursForAllItsRepositoriesOnceOneOfTheirCloneLinksIsOnTheHost) {
  RepositoryMap map;
  note_links(map, web,
             std::vector<std::string>{"https://git.acme.com/scm/acme/web.git",
                                      "ssh://git@ssh.acme.com:7999/acme/web.git"},
             noon);
  EXPECT_EQ(standing_of(web, map, noon), HostStanding::ours);
  EXPECT_EQ(standing_of(shop, map, noon + 24h * 365), HostStanding::ours);
  EXPECT_EQ(standing_of(url("git@other.acme.com:acme/shop.git"), map, noon), HostStanding::to_be_asked);
}

TEST(HostStanding, IsElsewhereForAWeekWhenTheCloneLinksAreOnOtherHosts) {
  RepositoryMap map;
  note_links(map, web, std::vector<std::string>{"https://git.acme.com/scm/acme/web.git"}, noon);
  EXPECT_EQ(standing_of(shop, map, noon + 24h * 7 - 1s), HostStanding::elsewhere);
  EXPECT_EQ(standing_of(shop, map, noon + 24h * 7), HostStanding::to_be_asked);
}

TEST(HostStanding, NeedsThreeRepositoriesThatTheServerDoesNotHave) {
  RepositoryMap map;
  note_absent(map, web, Absence::missing, noon);
  EXPECT_EQ(standing_of(web, map, noon), HostStanding::elsewhere) << "asked about once";
  EXPECT_EQ(standing_of(shop, map, noon), HostStanding::to_be_asked) << "that one may be ours";
  note_absent(map, shop, Absence::missing, noon);
  note_absent(map, url("git@ssh.acme.com:acme/api.git"), Absence::missing, noon);
  EXPECT_EQ(standing_of(url("git@ssh.acme.com:acme/new.git"), map, noon), HostStanding::elsewhere);
}

TEST(HostStanding, IsNotSettledByRepositoriesThatAreHidden) {
  RepositoryMap map;
  for (const auto* name : {"a", "b", "c", "d"})
    note_absent(map, url("git@ssh.acme.com:acme/" + std::string(name)), Absence::hidden, noon);
  EXPECT_EQ(standing_of(web, map, noon), HostStanding::to_be_asked) << "this one may be shown";
}

TEST(HostStanding, IsAskedForAgainAfterAnHourWhereARepositoryIsHidden) {
  RepositoryMap map;
  note_absent(map, web, Absence::hidden, noon);
  EXPECT_EQ(standing_of(web, map, noon + 1h - 1s), HostStanding::elsewhere);
  EXPECT_EQ(standing_of(web, map, noon + 1h), HostStanding::to_be_asked)
      << "the account may be given the right";
}

TEST(HostStanding, IsFoundOutAnewAfterAWeek) {
  RepositoryMap map;
  for (const auto* name : {"a", "b", "c"})
    note_absent(map, url("git@ssh.acme.com:acme/" + std::string(name)), Absence::missing, noon);
  note_absent(map, web, Absence::missing, noon + 24h * 7);
  EXPECT_EQ(standing_of(shop, map, noon + 24h * 7), HostStanding::to_be_asked);
}

TEST(HostStanding, IsToldByContextPathToo) {
  RepositoryMap map;
  note_links(map, url("https://www.acme.com/bitbucket/scm/acme/web.git"),
             std::vector<std::string>{"https://www.acme.com/bitbucket/scm/acme/web.git"}, noon);
  EXPECT_EQ(standing_of(url("https://www.acme.com/bitbucket/scm/acme/shop.git"), map, noon),
            HostStanding::ours);
  EXPECT_EQ(standing_of(url("https://www.acme.com/other/scm/acme/shop.git"), map, noon),
            HostStanding::to_be_asked);
}

TEST(Rename, LeadsFromEveryOldNameToThePresentOne) {
  RepositoryMap map;
  const Repository a{"ACME", "a"};
  const Repository b{"ACME", "b"};
  const Repository c{"OPS", "c"};
  note_rename(map, a, b, noon);
  note_rename(map, b, c, noon);
  EXPECT_EQ(present_name(map, a), c);
  EXPECT_EQ(present_name(map, b), c);
  EXPECT_EQ(present_name(map, c), c);
}

TEST(Rename, BackToAnOldNameLeavesNoCircle) {
  RepositoryMap map;
  const Repository a{"ACME", "a"};
  const Repository b{"ACME", "b"};
  note_rename(map, a, b, noon);
  note_rename(map, b, a, noon);
  EXPECT_EQ(present_name(map, a), a);
  EXPECT_EQ(present_name(map, b), a);
}

TEST(Rename, IsToBeConfirmedAfterADay) {
  RepositoryMap map;
  note_rename(map, {"ACME", "old"}, {"ACME", "web"}, noon);
  EXPECT_EQ(stale_rename(map, {"ACME", "web"}, noon + 24h - 1s), std::nullopt);
  EXPECT_EQ(stale_rename(map, {"ACME", "web"}, noon + 24h), (Repository{"ACME", "old"}));
  EXPECT_EQ(stale_rename(map, {"ACME", "old"}, noon + 48h), std::nullopt);
}

TEST(AnswerWithoutCloneLinks, SaysThatARepositoryIsMissingHiddenOrMovedOrNothing) {
  RepositoryMap map;
  const auto note = [&](const Delivery& answer, bool led_here = false) {
    return note_unlinked(map, web, answer, led_here, noon);
  };
  EXPECT_EQ(note({.result = DeliveryResult::try_later}), Unlinked::unknown);
  EXPECT_EQ(note({.result = DeliveryResult::bad_login}), Unlinked::unknown);
  EXPECT_EQ(map, RepositoryMap{});
  const Delivery moved{.result = DeliveryResult::moved, .moved_to = {"SHOP", "storefront"}};
  EXPECT_EQ(note(moved), Unlinked::moved);
  EXPECT_EQ(present_name(map, web.repository), (Repository{"SHOP", "storefront"}));
  EXPECT_EQ(note({.result = DeliveryResult::no_repository}), Unlinked::noted);
  EXPECT_TRUE(map.hosts.at(place_of(web)).not_found.contains(web.repository));
  EXPECT_EQ(note(moved, true), Unlinked::noted) << "one redirect is followed";
  EXPECT_EQ(note({.result = DeliveryResult::try_later, .may_be_the_text = true}), Unlinked::noted)
      << "as some servers fail at repositories they do not have";
  EXPECT_TRUE(map.hosts.at(place_of(web)).hidden.contains(web.repository));
}

}  // namespace
}  // namespace connector
