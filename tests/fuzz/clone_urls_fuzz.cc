// Clone URLs: what is taken for one names a host and a repository that may stand in a URL and on a line.
#include <algorithm>
#include <string>

#include "core/place/clone_url.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

void expect_name(std::string_view name) {
  constexpr std::size_t longest = 256;  // of a user, with ~
  expect(!name.empty() && name.size() <= longest, "names are neither empty nor long", name);
  expect(is_plain(name) && name.find_first_of("/\\%?#:") == std::string_view::npos,
         "names are made of plain characters", name);
  expect(name != "." && name != "..", "no name is a way up", name);
}

const Target clone_urls("clone_urls", [](std::string_view input) {
  expect_line(host_of(input), "a host");
  const auto url = parse_clone_url(input);
  if (!url) return;
  constexpr std::size_t longest = 4096;
  expect(input.size() <= longest, "no long text is a clone URL", input);
  expect(is_plain(url->host) && url->host == host_of(input), "the host is the URL's", url->host);
  expect(url->host.find_first_of("/@") == std::string::npos, "the host is a host", url->host);
  expect(is_plain(url->context) && url->context.find_first_of("\\%?#") == std::string::npos,
         "a context is a plain path", url->context);
  expect(url->context.empty() || url->context.starts_with('/'), "a context is a path", url->context);
  expect_name(url->repository.project);
  expect_name(url->repository.slug);
  const std::string again = "https://" + url->host + url->context + "/scm/" + url->repository.project + "/" +
                            url->repository.slug + ".git";
  const auto same = parse_clone_url(again);
  expect(same && same_place(*url, *same), "the URL that Bitbucket hands out means the same", again);
  expect(!url->over_http || place_of(*same) == place_of(*url), "its place is the same", again);
});

}  // namespace
}  // namespace connector::fuzz
