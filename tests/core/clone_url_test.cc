#include "core/clone_url.hh"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/host.hh"

namespace connector {
namespace {

struct Case {
  std::string_view url;
  std::string_view host;
  std::string_view context;
  std::string_view project;  // empty = not readable
  std::string_view slug;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.url;
}

class CloneUrls : public testing::TestWithParam<Case> {};

TEST_P(CloneUrls, NameHostContextProjectAndRepository) {
  const Case& expected = GetParam();
  const auto url = parse_clone_url(expected.url);
  ASSERT_EQ(url.has_value(), !expected.project.empty());
  if (!url) return;
  EXPECT_EQ(url->host, expected.host);
  EXPECT_EQ(url->context, expected.context);
  EXPECT_EQ(url->repository.project, expected.project);
  EXPECT_EQ(url->repository.slug, expected.slug);
}

INSTANTIATE_TEST_SUITE_P(
    Https, CloneUrls,
    testing::Values(
        Case{"https://git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
        Case{"https://git.acme.com/scm/PROJ/Repo", "git.acme.com", "", "PROJ", "repo"},
        Case{"https://bot:secret@GIT.acme.com:8443/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
        Case{"https://acme.com/bitbucket/scm/proj/repo.git", "acme.com", "/bitbucket", "PROJ", "repo"},
        Case{"https://acme.com/a/b/scm/proj/repo.git", "acme.com", "/a/b", "PROJ", "repo"},
        Case{"https://acme.com/scm/scm/proj/repo.git", "acme.com", "/scm", "PROJ", "repo"},
        Case{"https://acme.com/scm/scm/repo.git", "acme.com", "", "SCM", "repo"},
        Case{"https://git.acme.com/scm/~jsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
        Case{"https://git.acme.com//scm//proj/repo.git/", "git.acme.com", "", "PROJ", "repo"},
        Case{"http://[::1]:7990/scm/proj/repo.git", "[::1]", "", "PROJ", "repo"},
        Case{"HTTPS://git.acme.com/scm/proj/my.repo.GIT", "git.acme.com", "", "PROJ", "my.repo"}));

INSTANTIATE_TEST_SUITE_P(
    Ssh, CloneUrls,
    testing::Values(Case{"ssh://git@git.acme.com:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
                    Case{"ssh://git@git.acme.com/~user/repo.git", "git.acme.com", "", "~user", "repo"},
                    Case{"git@git.acme.com:proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
                    Case{"git@git.acme.com:/proj/repo", "git.acme.com", "", "PROJ", "repo"},
                    Case{"git.acme.com:~user/repo.git", "git.acme.com", "", "~user", "repo"}));

INSTANTIATE_TEST_SUITE_P(WebAddresses, CloneUrls,
                         testing::Values(Case{"https://git.acme.com/projects/PROJ/repos/repo", "git.acme.com",
                                              "", "PROJ", "repo"},
                                         Case{"https://acme.com/ctx/projects/PROJ/repos/repo/browse?at=main",
                                              "acme.com", "/ctx", "PROJ", "repo"},
                                         Case{"https://git.acme.com/users/jsmith/repos/repo", "git.acme.com",
                                              "", "~jsmith", "repo"}));

INSTANTIATE_TEST_SUITE_P(NotReadable, CloneUrls,
                         testing::Values(Case{"", "", "", "", ""}, Case{"repo", "", "", "", ""},
                                         Case{"/srv/git/repo.git", "", "", "", ""},
                                         Case{"https://git.acme.com", "", "", "", ""},
                                         Case{"https://github.com/acme/repo.git", "", "", "", ""},
                                         Case{"https://git.acme.com/scm/proj", "", "", "", ""},
                                         Case{"https://git.acme.com/scm/../repo.git", "", "", "", ""},
                                         Case{"https://git.acme.com/scm/proj/re po.git", "", "", "", ""},
                                         Case{"ssh://git@git.acme.com/a/b/c.git", "", "", "", ""},
                                         Case{"file:///srv/proj/repo.git", "", "", "", ""},
                                         Case{"ftp://git.acme.com/scm/proj/repo.git", "", "", "", ""}));

TEST(Hosts, AreReadWithoutPortAndCase) {
  EXPECT_EQ(host_of("https://Git.Acme.com:8443/bitbucket"), "git.acme.com");
  EXPECT_EQ(host_of("ssh://git@[::1]:7999/a/b.git"), "[::1]");
  EXPECT_EQ(host_of("nonsense"), "");
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
