// One build: read alone and as a page, it is the same.
#include <string>
#include <variant>

#include "buildkite/builds_answer.hh"
#include "fuzz/builds_rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

using buildkite::BuildsPage;

const Target single_build("single_build", [](std::string_view input) {
  const auto alone = buildkite::decode_build(std::string(input));
  expect_sane(alone);
  const auto* one = std::get_if<BuildsPage>(&alone);
  if (one == nullptr) return;
  expect(one->records() == 1, "a build is one record");
  const auto listed = buildkite::decode_builds("[" + std::string(input) + "]");
  const auto* page = std::get_if<BuildsPage>(&listed);
  expect(page != nullptr && page->records() == 1, "what is read alone is read in a page");
  expect(page->unreadable == one->unreadable, "for the same reason");
  if (one->builds.empty()) return;
  const Build& a = one->builds.front();
  const Build& b = page->builds.front();
  expect(a.id == b.id && a.number == b.number && a.state == b.state && a.commit == b.commit &&
             a.message == b.message && a.created_at == b.created_at &&
             a.jobs.has_value() == b.jobs.has_value(),
         "a build is the same in both", a.id);
});

}  // namespace
}  // namespace connector::fuzz
