// Clone URLs as pipelines name them -> host, context, project and repository.
#include "core/place/clone_url.hh"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace connector {
namespace {

struct Case {
  std::string_view url;
  std::string_view host;
  std::string_view context;
  std::string_view project;
  std::string_view slug;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.url;
}

class CloneUrls : public testing::TestWithParam<Case> {};

TEST_P(CloneUrls, NameHostContextProjectAndRepository) {
  const Case& expected = GetParam();
  const auto url = parse_clone_url(expected.url);
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, expected.host);
  EXPECT_EQ(url->context, expected.context);
  EXPECT_EQ(url->repository.project, expected.project);
  EXPECT_EQ(url->repository.slug, expected.slug);
}

constexpr Case http_urls[] = {
    {"https://git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"http://git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/scm/PROJ/Repo", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/scm/proj/repo/", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com//scm//proj/repo.git/", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/scm/proj/repo.git?x=/scm/a/b#c", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/scm/pro_j-1/my.re-po_2.git", "git.acme.com", "", "PRO_J-1", "my.re-po_2"},
    {"https://git.acme.com/scm/proj/git", "git.acme.com", "", "PROJ", "git"},
    {"https://git.acme.com/scm/proj/a.git.git", "git.acme.com", "", "PROJ", "a.git"},
    {"https://GIT.Acme.COM/scm/proj/REPO.GIT", "git.acme.com", "", "PROJ", "repo"},
    {"HTTPS://git.acme.com/scm/proj/my.repo.GIT", "git.acme.com", "", "PROJ", "my.repo"},
    {"https://git.acme.com:8443/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com:/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://bot@git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://bot:secret@GIT.acme.com:8443/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://bot:s%40cret%2F@git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://bot@acme.com:s@cret@git.acme.com/scm/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"https://git/scm/proj/repo.git", "git", "", "PROJ", "repo"},
    {"https://127.0.0.1:7990/scm/proj/repo.git", "127.0.0.1", "", "PROJ", "repo"},
    {"http://[::1]:7990/scm/proj/repo.git", "[::1]", "", "PROJ", "repo"},
    {"https://bot:pw@[2001:DB8::1]/scm/proj/repo.git", "[2001:db8::1]", "", "PROJ", "repo"},
    {"https://git.acme.com/scm/~jsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"https://bot@git.acme.com/scm/~J.Smith_2/repo.git", "git.acme.com", "", "~J.Smith_2", "repo"},
    {"https://git.acme.com/scm/%7Ejsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"https://git.acme.com/scm/%7ejsmith/re%2dpo.git", "git.acme.com", "", "~jsmith", "re-po"},
    {"https://acme.com/bitbucket/scm/proj/repo.git", "acme.com", "/bitbucket", "PROJ", "repo"},
    {"https://acme.com/BitBucket/scm/~jsmith/repo", "acme.com", "/BitBucket", "~jsmith", "repo"},
    {"https://acme.com/a/b/c/scm/proj/repo.git", "acme.com", "/a/b/c", "PROJ", "repo"},
    {"https://acme.com/tools~1/scm/proj/repo.git", "acme.com", "/tools~1", "PROJ", "repo"},
    {"https://acme.com/scm/scm/proj/repo.git", "acme.com", "/scm", "PROJ", "repo"},
    {"https://acme.com/scm/scm/repo.git", "acme.com", "", "SCM", "repo"},
    {"https://acme.com/scm/scm/scm", "acme.com", "", "SCM", "scm"},
    {"https://acme.com/projects/scm/proj/repo.git", "acme.com", "/projects", "PROJ", "repo"},
    {"https://acme.com/projects/scm/repos/repo.git", "acme.com", "/projects", "REPOS", "repo"},
    {"https://acme.com/scm/projects/repos.git", "acme.com", "", "PROJECTS", "repos"},
};
INSTANTIATE_TEST_SUITE_P(Http, CloneUrls, testing::ValuesIn(http_urls));

constexpr Case ssh_urls[] = {
    {"ssh://git@git.acme.com:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"ssh://git@git.acme.com/PROJ/Repo", "git.acme.com", "", "PROJ", "repo"},
    {"ssh://git.acme.com:7999/proj/repo.git/", "git.acme.com", "", "PROJ", "repo"},
    {"SSH://git@GIT.ACME.COM:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"ssh://git:pw@git.acme.com:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"ssh://git@git.acme.com:7999/~jsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"ssh://git@git.acme.com/%7Ejsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"ssh://git@[::1]:7999/proj/repo.git", "[::1]", "", "PROJ", "repo"},
    {"ssh://git@git.acme.com:7999//proj//repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"ssh://git@git.acme.com/scm/repo.git", "git.acme.com", "", "SCM", "repo"},
    {"git+ssh://git@git.acme.com:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"ssh+git://git@git.acme.com:7999/proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"git@git.acme.com:proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"git@git.acme.com:/proj/repo", "git.acme.com", "", "PROJ", "repo"},
    {"git@git.acme.com:proj/repo.git/", "git.acme.com", "", "PROJ", "repo"},
    {"git.acme.com:PROJ/REPO.git", "git.acme.com", "", "PROJ", "repo"},
    {"git@git.acme.com:~jsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"git.acme.com:/~jsmith/repo.git", "git.acme.com", "", "~jsmith", "repo"},
    {"git@stash:proj/repo.git", "stash", "", "PROJ", "repo"},
    {"git@[::1]:proj/repo.git", "[::1]", "", "PROJ", "repo"},
    {"[::1]:proj/repo.git", "[::1]", "", "PROJ", "repo"},
    {"[git.acme.com:7999]:proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"git@[git.acme.com:7999]:proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    {"[git@git.acme.com:7999]:proj/repo.git", "git.acme.com", "", "PROJ", "repo"},
    // The host says whose it is.
    {"git@github.com:acme/web.git", "github.com", "", "ACME", "web"},
    {"git@bitbucket.org:acme/web.git", "bitbucket.org", "", "ACME", "web"},
};
INSTANTIATE_TEST_SUITE_P(Ssh, CloneUrls, testing::ValuesIn(ssh_urls));

constexpr Case web_addresses[] = {
    {"https://git.acme.com/projects/PROJ/repos/repo", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/projects/proj/repos/Repo/", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/projects/PROJ/repos/repo/browse", "git.acme.com", "", "PROJ", "repo"},
    {"https://acme.com/ctx/projects/PROJ/repos/repo/browse?at=main", "acme.com", "/ctx", "PROJ", "repo"},
    {"https://acme.com/a/b/projects/PROJ/repos/repo/browse/src#12", "acme.com", "/a/b", "PROJ", "repo"},
    {"https://git.acme.com/projects/PROJ/repos/repo/pull-requests/3", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/projects/PROJ/repos/repo/commits/abc123", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/projects/PROJ/repos/repo/browse/scm/a/b", "git.acme.com", "", "PROJ", "repo"},
    {"https://git.acme.com/projects/SCM/repos/repo", "git.acme.com", "", "SCM", "repo"},
    {"https://git.acme.com/projects/scm/repos/repo", "git.acme.com", "", "SCM", "repo"},
    {"https://git.acme.com/projects/~jsmith/repos/repo/browse", "git.acme.com", "", "~jsmith", "repo"},
    {"https://git.acme.com/projects/%7Ejsmith/repos/repo", "git.acme.com", "", "~jsmith", "repo"},
    {"https://git.acme.com/users/jsmith/repos/repo", "git.acme.com", "", "~jsmith", "repo"},
    {"https://git.acme.com/users/J.Smith/repos/repo/browse", "git.acme.com", "", "~J.Smith", "repo"},
    {"https://acme.com/projects/projects/PROJ/repos/repo", "acme.com", "/projects", "PROJ", "repo"},
    {"https://acme.com/scm/projects/PROJ/repos/repo", "acme.com", "/scm", "PROJ", "repo"},
    {"https://acme.com/ctx/rest/api/1.0/projects/PROJ/repos/repo", "acme.com", "/ctx", "PROJ", "repo"},
};
INSTANTIATE_TEST_SUITE_P(WebAddresses, CloneUrls, testing::ValuesIn(web_addresses));

class NoCloneUrls : public testing::TestWithParam<std::string_view> {};

TEST_P(NoCloneUrls, NameNoRepository) {
  const auto url = parse_clone_url(GetParam());
  EXPECT_FALSE(url.has_value()) << url->host << ' ' << url->repository.project << '/' << url->repository.slug;
}

constexpr std::string_view other_places[] = {
    "",
    "repo",
    "proj/repo.git",
    "./proj/repo.git",
    "../proj/repo.git",
    "/srv/proj/repo.git",
    "~/proj/repo.git",
    "./git.acme.com:proj/repo.git",
    "./bot@git.acme.com:proj/repo.git",
    "file:///srv/proj/repo.git",
    "file://git.acme.com/proj/repo.git",
    "C:\\proj\\repo.git",
    "C:/proj/repo.git",
    "c:proj/repo.git",
    "\\\\server\\proj\\repo.git",
    "git://git.acme.com/proj/repo.git",
    "ftp://git.acme.com/scm/proj/repo.git",
    "ext::sh -c git%20proj/repo",
    "javascript://git.acme.com/scm/proj/repo.git",
    "https://github.com/acme/repo.git",
    "https://bitbucket.org/acme/repo.git",
};
INSTANTIATE_TEST_SUITE_P(OtherPlaces, NoCloneUrls, testing::ValuesIn(other_places));

constexpr std::string_view incomplete[] = {
    "https://",
    "https://git.acme.com",
    "https://git.acme.com/",
    "https://git.acme.com/scm",
    "https://git.acme.com/scm/proj",
    "https://git.acme.com/scm/proj/repo/browse",
    "https://git.acme.com/SCM/proj/repo.git",
    "https://git.acme.com/projects/PROJ",
    "https://git.acme.com/projects/PROJ/repos",
    "https://git.acme.com?/scm/proj/repo.git",
    "https:///scm/proj/repo.git",
    "https://:7990/scm/proj/repo.git",
    "https://bot@/scm/proj/repo.git",
    "ssh://git@git.acme.com",
    "ssh://git@git.acme.com/repo.git",
    "ssh://git@git.acme.com/a/b/c.git",
    "ssh:///proj/repo.git",
    "git@git.acme.com:",
    "git@git.acme.com:repo.git",
    "git@git.acme.com:7999/proj/repo.git",
    "git@:proj/repo.git",
    ":proj/repo.git",
    "[]:proj/repo.git",
    "ssh://git@[]/proj/repo.git",
    "https://git.acme.com/scm/proj/.git",
    "[::1:proj/repo.git",
    "http://[::1/scm/proj/repo.git",
};
INSTANTIATE_TEST_SUITE_P(Incomplete, NoCloneUrls, testing::ValuesIn(incomplete));

constexpr std::string_view hostile[] = {
    "https://git.acme.com/scm/../repo.git",
    "https://git.acme.com/scm/proj/..",
    "https://git.acme.com/scm/proj/.git/..",
    "https://git.acme.com/scm/./repo.git",
    "https://git.acme.com/scm/%2e%2e/repo.git",
    "https://git.acme.com/scm/proj%2Fother/repo.git",
    "https://git.acme.com/scm/proj/repo%00.git",
    "https://git.acme.com/scm/proj/repo%",
    "https://git.acme.com/scm/proj/re%zzpo",
    "https://git.acme.com/scm/~/repo.git",
    "https://git.acme.com/scm/~~jsmith/repo.git",
    "https://git.acme.com/scm/proj/~repo.git",
    "https://git.acme.com/users/~jsmith/repos/repo",
    "https://git.acme.com/scm/proj/re po.git",
    "https://git.acme.com/scm/proj/re%20po.git",
    "https://b ot:pw@git.acme.com/scm/proj/repo.git",
    "https://b\x7Fot:pw@git.acme.com/scm/proj/repo.git",
    "https://git.acme.com/../projects/PROJ/repos/repo",
    " https://git.acme.com/scm/proj/repo.git",
    "https://git.acme.com/scm/proj/repo.git\n",
    "https://git.acme.com/scm/proj/repo.git\r\nHost: other",
    "https://git.acme.com\t/scm/proj/repo.git",
    "https://git.acme.com/scm/proj/\x1B[31mrepo",
    "https://git.acme.com/scm/proj/r\xC3\xA9po.git",
    "https://g\xC3\xAEt.acme.com/scm/proj/repo.git",
    "https://git.acme.com/\xFF/scm/proj/repo.git",
    "https://git.acme.com/../scm/proj/repo.git",
    "https://git.acme.com/<b>/scm/proj/repo.git",
    "https://bot:pa/ss@git.acme.com/scm/proj/repo.git",
    "https://bot:pa#ss@git.acme.com/scm/proj/repo.git",
    "https://git.acme.com:80:90/scm/proj/repo.git",
    "https://git.acme.com:http/scm/proj/repo.git",
    "https://git.acme.com\\@other/scm/proj/repo.git",
    "https://[git.acme.com]/scm/proj/repo.git",
    "ssh://-oProxyCommand=id/proj/repo.git",
    "-oProxyCommand=id:proj/repo.git",
    "git@-oProxyCommand:proj/repo.git",
    "git@git.acme.com:proj/repo.git?x",
    "git@git.acme.com:%7Ejsmith/repo.git",
    "ssh://git@git.acme.com/proj/repo.git?x",
    "git@git.acme.com:proj/..",
};
INSTANTIATE_TEST_SUITE_P(Hostile, NoCloneUrls, testing::ValuesIn(hostile));

TEST(CloneUrl, OfAbsurdLengthNamesNoRepository) {
  const std::string long_text(10'000, 'x');
  EXPECT_FALSE(parse_clone_url("https://git.acme.com/scm/proj/" + long_text));
  EXPECT_FALSE(parse_clone_url("https://git.acme.com/scm/proj/" + long_text.substr(0, 256)));
  EXPECT_TRUE(parse_clone_url("https://git.acme.com/scm/proj/" + long_text.substr(0, 128)));
  EXPECT_FALSE(parse_clone_url("https://git.acme.com/" + long_text + "/scm/proj/repo.git"));
  EXPECT_FALSE(parse_clone_url("git@" + long_text + ":proj/repo.git"));
  EXPECT_FALSE(parse_clone_url("https://git.acme.com" + std::string(10'000, '/') + "scm/proj/repo.git"));
  EXPECT_FALSE(parse_clone_url(std::string_view("https://git.acme.com/scm/proj/repo\0", 35)));
}

}  // namespace
}  // namespace connector
