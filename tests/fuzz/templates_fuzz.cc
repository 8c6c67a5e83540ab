// Templates over any build: texts are within Bitbucket's limits and safe. A line each: six templates, then
// the texts of the build and of a job.
#include <array>
#include <string>
#include <vector>

#include "core/build/status_text.hh"
#include "core/build/step.hh"
#include "core/text/text.hh"
#include "fuzz/builds_rules.hh"
#include "fuzz/input.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"
#include "support/a_build.hh"

namespace connector::fuzz {
namespace {

/// What is left out keeps its default. Decoders let only UTF-8 through.
template <std::size_t Count>
void fill(const std::array<std::string*, Count>& texts, std::string_view& rest) {
  for (std::string* text : texts) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    // Texts of several lines have "\r" for line ends.
    if (end > 0) *text = valid_utf8(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void expect_steps(const Build& build, const StatusTemplates& templates) {
  const BuildStatus whole = compose_status(build, BitbucketState::failed, templates, "acme-inc");
  for (const Step& step : steps_of(build)) {
    expect_key(step_key(build, step, templates, "acme-inc"));
    expect_within_limits(
        compose_step_status(build, step, BitbucketState::in_progress, templates, "acme-inc"));
    expect_within_limits(absent_step_status(whole, step.key, BitbucketState::cancelled));
  }
}

const Target templates("templates", [](std::string_view input) {
  StatusTemplates texts;
  Build build = support::a_build().failed();
  Job job;
  job.type = "script";
  job.state = "failed";
  fill<6>({&texts.key, &texts.name, &texts.description, &texts.parent, &texts.step_key, &texts.step_name},
          input);
  fill<11>(
      {&build.pipeline.id, &build.pipeline.slug, &build.pipeline.name, &build.branch, &build.tag,
       &build.commit, &build.source, &build.pull_request, &build.state_word, &build.web_url, &build.message},
      input);
  fill<4>({&job.step_key, &job.name, &job.command, &job.web_url}, input);
  build.jobs = std::vector<Job>{job};
  for (const StatusTemplates& each : {texts, for_pull_requests(texts)}) {
    expect_key(status_key(build, each, "acme-inc"));
    const BuildStatus status = compose_status(build, BitbucketState::failed, each, "acme-inc");
    expect_within_limits(status);
    const BuildStatus plain = within_basic_plane(status);
    expect_within_limits(plain);
    for (const std::string* text : {&plain.name, &plain.description, &plain.parent, &plain.ref})
      expect(!leaves_basic_plane(*text), "plain texts are within the basic plane", *text);
    expect_steps(build, each);
  }
});

}  // namespace
}  // namespace connector::fuzz
