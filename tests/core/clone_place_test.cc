// Whether two clone URLs mean one repository, and what the names of hosts tell.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/place/clone_url.hh"
#include "core/place/host.hh"

namespace connector {
namespace {

CloneUrl url(std::string_view text) {
  const auto parsed = parse_clone_url(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(CloneUrl{});
}

bool same(std::string_view a, std::string_view b) {
  const bool result = same_place(url(a), url(b));
  EXPECT_EQ(same_place(url(b), url(a)), result) << a << " and " << b << " the other way round";
  return result;
}

TEST(ClonePlace, IsOneForAllFormsOfARepositorysAddress) {
  const std::string_view http = "https://git.acme.com/ctx/scm/proj/repo.git";
  EXPECT_TRUE(same(http, http));
  EXPECT_TRUE(same(http, "https://bot:pw@GIT.acme.com:8443/ctx/scm/PROJ/Repo"));
  EXPECT_TRUE(same(http, "https://git.acme.com/ctx/projects/PROJ/repos/repo/browse"));
  EXPECT_TRUE(same(http, "ssh://git@git.acme.com:7999/proj/repo.git")) << "ssh knows no context";
  EXPECT_TRUE(same(http, "git@git.acme.com:proj/repo"));
  EXPECT_TRUE(same("git@git.acme.com:~JSmith/repo", "ssh://git.acme.com/~jsmith/repo"))
      << "case does not count";
}

TEST(ClonePlace, TellsRepositoriesApart) {
  const std::string_view http = "https://git.acme.com/ctx/scm/proj/repo.git";
  EXPECT_FALSE(same(http, "https://git.acme.com/scm/proj/repo.git")) << "another Bitbucket on that host";
  EXPECT_FALSE(same(http, "https://git.acme.com/CTX/scm/proj/repo.git")) << "paths are told apart by case";
  EXPECT_FALSE(same(http, "https://git.acme.org/ctx/scm/proj/repo.git"));
  EXPECT_FALSE(same(http, "https://git.acme.com/ctx/scm/proj/repo2.git"));
  EXPECT_FALSE(same(http, "https://git.acme.com/ctx/scm/~proj/repo.git"));
  EXPECT_FALSE(same("git@git.acme.com:proj/repo", "git@ssh.acme.com:proj/repo"));
}

TEST(ClonePlace, IsRememberedByHostAndContext) {
  EXPECT_EQ(place_of(url("https://bot@Git.acme.com:8443/scm/proj/repo.git")), "git.acme.com");
  EXPECT_EQ(place_of(url("https://git.acme.com/bitbucket/scm/proj/repo.git")), "git.acme.com/bitbucket");
  EXPECT_EQ(place_of(url("https://git.acme.com/a/b/projects/PROJ/repos/repo")), "git.acme.com/a/b");
  EXPECT_EQ(place_of(url("ssh://git@git.acme.com:7999/proj/repo.git")), "git.acme.com");
  EXPECT_EQ(place_of(url("git@[::1]:proj/repo.git")), "[::1]");
}

TEST(Hosts, AreReadWithoutPortAndCase) {
  EXPECT_EQ(host_of("https://Git.Acme.com:8443/bitbucket"), "git.acme.com");
  EXPECT_EQ(host_of("https://git.acme.com"), "git.acme.com");
  EXPECT_EQ(host_of("https://git.acme.com?x"), "git.acme.com");
  EXPECT_EQ(host_of("ssh://git@[::1]:7999/a/b.git"), "[::1]");
  EXPECT_EQ(host_of("git@git.acme.com:repo.git"), "git.acme.com");
  for (const auto* text :
       {"nonsense", "", "/srv/repo.git", "file:///srv/repo.git", "https://a b/c", "C:\\x"}) {
    EXPECT_EQ(host_of(text), "") << text;
  }
}

TEST(Hosts, OfPublicServicesAreNeverOurs) {
  EXPECT_TRUE(is_cloud_host(host_of("git@github.com:acme/web.git")));
  EXPECT_TRUE(is_cloud_host(host_of("https://bitbucket.org/acme/web.git")));
  EXPECT_FALSE(is_cloud_host("git.acme.com"));
}

TEST(Hosts, OfThisMachineAreToldFromNamesThatLookLikeThem) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const auto* host : {"127.example.com", "128.0.0.1", "127.999.0.1", "127.1", "git.acme.com", ""}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace connector
