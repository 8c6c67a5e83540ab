#include "benchmark/stage.hh"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

#include "benchmark/bare_plan.hh"
#include "core/text/duration.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/fake_buildkite.hh"

namespace connector::benchmark {
namespace {

constexpr const char* organization = "acme-inc";
constexpr const char* username = "buildkite-bot";
constexpr const char* password = "benchmark-password";

std::string_view body_of(std::string_view request) {
  const std::size_t end = request.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : request.substr(end + 4);
}

}  // namespace

Stage::Stage(Launcher& launcher, Programs programs, const support::TestAuthority* authority)
    : launcher_(launcher),
      programs_(std::move(programs)),
      identity_(authority == nullptr ? support::Identity{} : authority->issue()),
      buildkite_({.identity = authority == nullptr ? nullptr : &identity_,
                  .answer = [this](std::string_view request) { return answer_(request); }}),
      bitbucket_({.identity = authority == nullptr ? nullptr : &identity_,
                  .answer = [this](std::string_view request) { return answer_(request); }}) {
  if (authority == nullptr) return;
  ca_file_ = directory_.file("ca.pem");
  support::write_file(ca_file_, authority->certificate_pem());
}

void Stage::set_latency(std::chrono::milliseconds latency) {
  buildkite_.set_latency(latency);
  bitbucket_.set_latency(latency);
}

support::Environment Stage::environment(std::chrono::milliseconds overlap) const {
  support::Environment environment = {
      {"BUILDKITE_API_URL", buildkite_.url()},  {"BUILDKITE_API_TOKEN", support::BuildkiteSettings{}.token},
      {"BUILDKITE_ORGANIZATION", organization}, {"BITBUCKET_URL", bitbucket_.url()},
      {"BITBUCKET_USERNAME", username},         {"BITBUCKET_PASSWORD", password},
      {"CONNECTOR_STATE", state_file()}};
  if (!ca_file_.empty()) environment["BUILDKITE_CA_FILE"] = environment["BITBUCKET_CA_FILE"] = ca_file_;
  if (overlap != usual_overlap) {
    environment["CONNECTOR_CONFIG"] = directory_.file("config.toml");
    support::write_file(environment["CONNECTOR_CONFIG"],
                        "[sync]\noverlap = \"" + format_duration(overlap) + "\"\n");
  }
  return environment;
}

Launched Stage::launch(const std::vector<std::string>& argv, const support::Environment& environment) {
  buildkite_.forget();
  bitbucket_.forget();
  const std::string output = directory_.file("output");
  support::write_file(output, "");
  const Launched launched = launcher_.run(argv, environment, output);
  if (launched.exit_status == 0) return launched;
  throw std::runtime_error(argv.at(0) + " ended with " + std::to_string(launched.exit_status) + ": " +
                           support::read_file(output));
}

void Stage::rehearse(std::chrono::milliseconds overlap, Answer answer) {
  answer_ = std::move(answer);
  launch({programs_.connector, "--deadline=0"}, environment(overlap));
}

SavedState Stage::saved_state() const {
  auto decoded = state::decode(support::read_file(state_file()));
  if (auto* state = std::get_if<SavedState>(&decoded)) return std::move(*state);
  throw std::runtime_error("the connector wrote a state that cannot be read");
}

void Stage::forget_state() const {
  std::filesystem::remove(state_file());
}

std::string Stage::state_of(const Scene& scene) const {
  SavedState state = scene.state;
  state.identity = {organization, buildkite_.url(), bitbucket_.url(), {}};
  return state::encode(state);
}

Sample Stage::by_disk(const Scene& scene) {
  const std::string contents = state_of(scene);
  const std::string temporary = directory_.file("temporary");
  return measure([&] {
    const support::Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const support::Descriptor directory(open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const bool done = write(file.get(), contents.data(), contents.size()) > 0 && fsync(file.get()) == 0 &&
                      rename(temporary.c_str(), state_file().c_str()) == 0 && fsync(directory.get()) == 0;
    if (!done) throw std::runtime_error("cannot write " + state_file());
  });
}

void Stage::prepare_plan(const Scene& scene) const {
  BarePlan plan;
  plan.buildkite.url = buildkite_.url();
  plan.bitbucket.url = bitbucket_.url();
  for (BarePeer* peer : {&plan.buildkite, &plan.bitbucket}) {
    peer->ca_file = ca_file_;
    peer->user_agent = "buildkite-bitbucket-connector/benchmark";
  }
  plan.buildkite.bearer_token = support::BuildkiteSettings{}.token;
  plan.buildkite.header_lines = {"Accept: application/json", "Cache-Control: no-cache"};
  plan.bitbucket.username = username;
  plan.bitbucket.password = password;
  plan.bitbucket.header_lines = {"Accept: application/json", "X-Atlassian-Token: no-check",
                                 "Content-Type: application/json"};
  plan.connections = parallel_statuses;
  plan.listings = scene.listings;
  for (const Status& status : scene.statuses) plan.posts.push_back({status.target, status.body});
  support::write_file(directory_.file("plan"), to_text(plan));
}

std::string_view Stage::play(const Scene& scene, std::string_view request) {
  const Kind kind = kind_of(request);
  ++counts_[static_cast<std::size_t>(kind)];
  const std::string_view line = line_of(request);
  if (kind == Kind::status) {
    digest_ += digest_of(line.substr(line.find(' ') + 1), body_of(request));
    return no_content;
  }
  const auto answer = scene.answers.find(std::string(line));
  constexpr std::string_view none = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  return answer == scene.answers.end() ? none : std::string_view(answer->second);
}

Performance Stage::perform(const Scene& scene, const std::vector<std::string>& argv) {
  answer_ = [&](std::string_view request) { return play(scene, request); };
  for (auto& count : counts_) count = 0;
  digest_ = 0;
  const Launched launched = launch(argv, environment(scene.overlap));
  Performance performance{launched.sample, {}, buildkite_.connections() + bitbucket_.connections()};
  performance.sample.first_byte =
      std::chrono::duration_cast<Microseconds>(buildkite_.first_byte() - launched.begun);
  std::copy(counts_.begin(), counts_.end(), performance.tally.begin());
  if (performance.tally != scene.expected) {
    throw std::runtime_error(argv.at(0) + " asked for " + in_words(performance.tally) + " instead of " +
                             in_words(scene.expected));
  }
  if (digest_ != scene.digest) throw std::runtime_error(argv.at(0) + " posted other statuses than expected");
  if (buildkite_.connections() > parallel_listings || bitbucket_.connections() > parallel_statuses) {
    throw std::runtime_error(argv.at(0) + " opened " + std::to_string(buildkite_.connections()) + " and " +
                             std::to_string(bitbucket_.connections()) + " connections");
  }
  return performance;
}

Performance Stage::by_connector(const Scene& scene) {
  support::write_file(state_file(), state_of(scene));
  return perform(scene, {programs_.connector, "--deadline=0"});
}

Performance Stage::by_bare_loop(const Scene& scene) {
  prepare_plan(scene);
  return perform(scene, {programs_.bare_pass, directory_.file("plan")});
}

}  // namespace connector::benchmark
