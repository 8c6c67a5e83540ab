// Answers of Buildkite with status and headers (a Link among them) to each of our questions.
#include <string>
#include <variant>

#include "buildkite/access_token.hh"
#include "buildkite/builds_answer.hh"
#include "fuzz/builds_rules.hh"
#include "fuzz/input.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

const Target buildkite_answers("buildkite_answers", [](std::string_view input) {
  const http::Response response = response_of(input);
  const auto page = buildkite::read_builds(response);
  expect_sane(page);
  expect(response.status == 200 || std::holds_alternative<buildkite::NoPage>(page), "only a success is read");
  expect_sane(buildkite::read_build(response));
  const auto token = buildkite::read_access_token(response);
  if (const auto* none = std::get_if<buildkite::NoPage>(&token)) return expect_line(none->text, "a reason");
  const auto& known = std::get<buildkite::AccessToken>(token);
  constexpr std::size_t most_scopes = 100;
  expect(known.scopes.size() <= most_scopes, "the scopes of a token are bounded");
  for (const std::string& scope : known.scopes) expect(is_utf8(scope), "a scope is UTF-8", scope);
  if (known.expires_at)
    expect(parse_timestamp(format_timestamp(*known.expires_at)) == known.expires_at, "its end can be saved");
});

}  // namespace
}  // namespace connector::fuzz
