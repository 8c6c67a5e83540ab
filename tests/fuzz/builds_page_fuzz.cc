// A page of builds, as Buildkite or something in its place answers it.
#include "buildkite/builds_answer.hh"
#include "fuzz/builds_rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

const Target builds_page("builds_page", [](std::string_view input) {
  expect_sane(buildkite::decode_builds(std::string(input)));
});

}  // namespace
}  // namespace connector::fuzz
