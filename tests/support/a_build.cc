#include "support/a_build.hh"

#include <chrono>
#include <utility>

#include "core/text/text.hh"

namespace connector::support {

namespace {

// Digits from a counter-mode hash: stable across machines and different for different labels.
std::string hex_digits(std::string_view label, std::size_t count) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string digits;
  for (unsigned block = 0; digits.size() < count; ++block) {
    std::uint64_t bits = fnv1a64(std::string(label) + '/' + std::to_string(block));
    bits ^= bits >> 29U;
    bits *= 0xbf58476d1ce4e5b9U;
    bits ^= bits >> 32U;
    for (unsigned i = 0; i < 16 && digits.size() < count; ++i, bits >>= 4U) digits += alphabet[bits & 15U];
  }
  return digits;
}

bool has_started(BuildState state) {
  return state != BuildState::creating && state != BuildState::scheduled && state != BuildState::waiting &&
         !never_ran(state);
}

}  // namespace

std::string commit_named(std::string_view label) {
  return hex_digits(label, 40);
}

std::string uuid_named(std::string_view label) {
  std::string uuid = hex_digits(label, 32);
  uuid[12] = '4';
  uuid[16] = '8';
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) uuid.insert(dash, 1, '-');
  return uuid;
}

Pipeline a_pipeline(std::string_view slug) {
  Pipeline pipeline;
  pipeline.id = uuid_named("pipeline " + std::string(slug));
  pipeline.slug = slug;
  pipeline.name = slug;
  if (!pipeline.name.empty() && pipeline.name[0] >= 'a' && pipeline.name[0] <= 'z') {
    pipeline.name[0] = static_cast<char>(pipeline.name[0] - 'a' + 'A');
  }
  pipeline.repository = "https://bitbucket.example.com/scm/acme/" + std::string(slug) + ".git";
  return pipeline;
}

ABuild a_build() {
  ABuild fixture;
  return fixture.of("web").number(1).on("main").created(noon).in_state(BuildState::passed);
}

ABuild& ABuild::of(std::string_view pipeline_slug) {
  return of(a_pipeline(pipeline_slug));
}

ABuild& ABuild::of(Pipeline pipeline) {
  build_.pipeline = std::move(pipeline);
  return *this;
}

ABuild& ABuild::in_repository(std::string_view url) {
  build_.pipeline.repository = url;
  return *this;
}

ABuild& ABuild::number(std::uint64_t number) {
  build_.number = number;
  return *this;
}

ABuild& ABuild::on(std::string_view branch) {
  build_.branch = branch;
  return *this;
}

ABuild& ABuild::commit(std::string_view commit) {
  build_.commit = commit;
  return *this;
}

ABuild& ABuild::tag(std::string_view tag) {
  build_.tag = tag;
  return *this;
}

ABuild& ABuild::message(std::string_view message) {
  build_.message = message;
  return *this;
}

ABuild& ABuild::web_url(std::string_view url) {
  build_.web_url = url;
  return *this;
}

ABuild& ABuild::for_pull_request(std::string_view number) {
  build_.pull_request = number;
  return *this;
}

ABuild& ABuild::created(Timestamp time) {
  build_.created_at = time;
  return *this;
}

ABuild& ABuild::finished(Timestamp time) {
  build_.finished_at = time;
  return *this;
}

ABuild& ABuild::in_state(BuildState state) {
  build_.state = state;
  build_.state_word = word_of(state);
  return *this;
}

ABuild& ABuild::in_state(std::string_view word) {
  build_.state = parse_build_state(word);
  build_.state_word = word;
  return *this;
}

ABuild& ABuild::blocked() {
  build_.blocked = true;
  return *this;
}

Build ABuild::build() const {
  using namespace std::chrono_literals;
  Build build = build_;
  const std::string label = build.pipeline.slug + ' ' + std::to_string(build.number);
  if (build.id.empty()) build.id = uuid_named("build " + label);
  if (build.commit.empty()) build.commit = commit_named(label);
  if (build.message.empty()) build.message = "Change of build " + std::to_string(build.number);
  if (build.source.empty()) build.source = "webhook";
  if (build.web_url.empty()) {
    build.web_url =
        "https://buildkite.com/acme-inc/" + build.pipeline.slug + "/builds/" + std::to_string(build.number);
  }
  if (has_started(build.state) && !build.started_at) build.started_at = build.created_at + 10s;
  if (is_open(build.state)) {
    build.finished_at.reset();
  } else if (!build.finished_at) {
    build.finished_at = build.created_at + 2min;
  }
  return build;
}

}  // namespace connector::support
