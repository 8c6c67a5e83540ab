// Whole passes over answers of any kind, one after the other as the requests come: a pass ends, says nothing
// unsafe, sends nothing unsafe, and leaves a state with which the next one begins. Answers are separated by
// lines of "====".
#include <optional>
#include <string>
#include <variant>

#include "config/config.hh"
#include "fuzz/input.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"
#include "http/engine.hh"
#include "pass/pass.hh"
#include "pass/settings.hh"
#include "report/log.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/a_build.hh"
#include "support/scripted_wire.hh"

namespace connector::fuzz {
namespace {

constexpr std::string_view separator = "\n====\n";

void expect_sendable(const http::Request& request) {
  expect_line(request.target, "a target");
  expect(request.target.find(' ') == std::string::npos, "a target is one word", request.target);
  expect(is_utf8(request.body), "what is sent is UTF-8", request.body);
  expect(request.body.size() < 64 * 1024, "what is sent is short");
}

class Servers {
 public:
  explicit Servers(std::string_view answers) : answers_(answers) {}

  support::Reply reply(const http::Request& request);

 private:
  std::string_view answers_;
};

support::Reply Servers::reply(const http::Request& request) {
  expect_sendable(request);
  if (answers_.empty()) {
    const bool is_list = request.peer == http::PeerId::buildkite;
    return is_list ? support::answer(200, {}, "[]") : support::answer(204);
  }
  const std::size_t end = std::min(answers_.find(separator), answers_.size());
  const std::string_view answer = answers_.substr(0, end);
  answers_.remove_prefix(std::min(end + separator.size(), answers_.size()));
  if (answer.starts_with('-')) return support::unreachable(request.method != http::Method::get);
  return {http::Steady{10}, response_of(answer)};
}

/// Only a clock that jumps back makes a state that does not count any more.
void expect_saved(const SavedState& state) {
  const std::string text = state::encode(state);
  const auto decoded = state::decode(text);
  const auto* damaged = std::get_if<state::Damaged>(&decoded);
  if (damaged != nullptr && damaged->reason == "'cursors' are at an impossible time") return;
  expect(damaged == nullptr, "what a pass saves can be loaded",
         damaged == nullptr ? "" : damaged->reason + text);
  expect(state::encode(std::get<SavedState>(decoded)) == text, "it is loaded as it was saved", text);
}

pass::Report pass_over(Servers& servers, const pass::Settings& settings, SavedState& state) {
  support::ScriptedWire wire([&](const http::Request& request) { return servers.reply(request); });
  http::EngineSettings engine_settings;
  engine_settings.deadline = wire.now() + std::chrono::seconds{50};
  http::Engine engine(wire, engine_settings, [] { return false; });
  const report::Log log({config::LogLevel::debug, config::LogFormat::text}, [](std::string_view line) {
    expect_line(line.substr(0, line.size() - 1), "a line of the log");
  });
  const auto save = [](const SavedState& saved, pass::SaveMoment) { expect_saved(saved); };
  return pass::run(settings, state, engine, save, log, support::noon);
}

const Target passes("passes", [](std::string_view input) {
  config::Config config;
  config.buildkite.organization = "acme-inc";
  config.bitbucket.connection.url = "https://bitbucket.example.com";
  config.sync.initial_search_time = std::chrono::hours{168};
  config.sync.overlap = std::chrono::minutes{15};
  config.per_step = true;
  const pass::Settings settings = pass::settings_of(config, 1);
  SavedState state;
  state.identity = pass::identity_of(config);
  Servers servers(input);
  for (int i = 0; i < 3; ++i) pass_over(servers, settings, state);
});

}  // namespace
}  // namespace connector::fuzz
