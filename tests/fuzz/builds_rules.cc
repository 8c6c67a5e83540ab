#include "fuzz/builds_rules.hh"

#include <algorithm>
#include <string>
#include <variant>

#include "core/build/status_text.hh"
#include "core/text/text.hh"
#include "core/verdict.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

constexpr std::size_t field_limit = 255;  // Bitbucket REST: RestBuildStatusSetRequest
constexpr std::size_t url_limit = 450;
constexpr std::size_t long_field_limit = 1024;

Rules rules_of(const Build& build) {
  Rules rules;
  rules.organization = "acme-inc";
  rules.scope.home = place_of(
      parse_clone_url(build.pipeline.repository).value_or(CloneUrl{"bitbucket.example.com", {}, {}, false}));
  rules.scope.report_unmatched = true;
  rules.separate_pull_requests = true;
  rules.per_step = true;
  return rules;
}

void expect_texts(const Build& build) {
  for (const std::string* text :
       {&build.id, &build.state_word, &build.web_url, &build.message, &build.commit, &build.branch,
        &build.tag, &build.source, &build.pull_request, &build.pipeline.id, &build.pipeline.slug,
        &build.pipeline.name, &build.pipeline.repository}) {
    expect(is_utf8(*text), "texts of a build are UTF-8", *text);
    constexpr std::size_t longest = 4096;
    expect(text->size() <= longest, "texts of a build are bounded", *text);
  }
  for (const auto& time : {std::optional(build.created_at), build.started_at, build.finished_at}) {
    if (time) expect(parse_timestamp(format_timestamp(*time)) == time, "its times can be saved");
  }
}

void expect_field(std::string_view text, std::size_t limit, std::string_view name) {
  expect_line(text, name);
  expect(java_length(text) <= limit, std::string(name) + " is within Bitbucket's limit", text);
}

}  // namespace

void expect_key(std::string_view key) {
  expect_field(key, field_limit, "key");
  expect(!leaves_basic_plane(key), "every database can store a key", key);
}

void expect_within_limits(const BuildStatus& status) {
  expect_field(status.name, field_limit, "name");
  expect_field(status.description, field_limit, "description");
  expect_field(status.parent, long_field_limit, "parent");
  expect(is_utf8(status.ref) && java_length(status.ref) <= long_field_limit, "a ref is within its limit",
         status.ref);
  expect(status.ref.empty() || status.ref.starts_with("refs/"), "a ref is qualified", status.ref);
  expect(status.duration_ms.value_or(0) >= 0, "no duration is negative");
  if (unsendable_reason(status)) return;
  expect(!status.url.empty() && is_utf8(status.url) && java_length(status.url) <= url_limit,
         "a URL is within its limit", status.url);
}

void expect_reportable(const Build& build) {
  expect(!build.id.empty() && !build.pipeline.slug.empty() && build.number > 0, "a build can be named");
  expect_texts(build);
  const Timestamp now = build.created_at + std::chrono::hours{1};
  const Verdict verdict = judge(build, rules_of(build), {}, now);
  if (verdict.bearing != Bearing::decides && verdict.bearing != Bearing::without_verdict) return;
  expect(is_full_commit(verdict.key.commit), "only full commits are reported on", verdict.key.commit);
  expect_key(verdict.key.key);
  expect_within_limits(verdict.status);
  expect_within_limits(within_basic_plane(verdict.status));
  if (!verdict.steps) return;
  for (const StepVerdict& step : *verdict.steps) {
    expect_key(step.key.key);
    expect_within_limits(step.status);
    expect_within_limits(absent_step_status(verdict.status, step.step, verdict.closing));
  }
}

void expect_sane(const buildkite::BuildsAnswer& answer) {
  if (const auto* none = std::get_if<buildkite::NoPage>(&answer)) {
    expect(!none->text.empty() && none->cause != ExitStatus::ok, "there is a reason for a failure");
    return expect_line(none->text, "a reason");
  }
  const auto& page = std::get<buildkite::BuildsPage>(answer);
  for (const Build& build : page.builds) expect_reportable(build);
  for (const std::string& reason : page.unreadable) expect_line(reason, "a reason");
}

}  // namespace connector::fuzz
