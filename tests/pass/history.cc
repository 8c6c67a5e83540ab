#include "pass/history.hh"

#include "http/engine.hh"
#include "report/log.hh"

namespace connector::support {

History::History() {
  config::Config config;
  config.buildkite.organization = "acme-inc";
  config.bitbucket.connection.url = "https://bitbucket.example.com";
  config.sync.initial_search_time = std::chrono::hours{168};
  config.sync.overlap = std::chrono::minutes{15};
  settings = pass::settings_of(config, 1);
  state.identity = pass::identity_of(config);
}

pass::Report History::pass() {
  MemoryWire wire(memory_peers(peers, seed++));
  http::EngineSettings engine_settings;
  engine_settings.deadline = wire.now() + std::chrono::seconds{50};
  engine_settings.seed = seed;
  http::Engine engine(wire, engine_settings, [] { return false; });
  const report::Log log({config::LogLevel::warn, config::LogFormat::text},
                        [this](std::string_view line) { messages += line; });
  const auto report = pass::run(settings, state, engine, on_save, log, local_clock);
  local_clock += std::chrono::minutes{1};
  return report;
}

void History::add_passed_builds(std::uint64_t first, std::uint64_t last, Timestamp start,
                                std::chrono::milliseconds step) {
  add_repository("web");
  for (std::uint64_t number = first; number <= last; ++number) {
    start += step;
    peers.organization.add(a_build()
                               .of("web")
                               .number(number)
                               .commit(commit_named(std::to_string(number)))
                               .created(start)
                               .passed());
  }
}

std::string History::shown(std::string_view pipeline, const std::string& commit) const {
  return peers.bitbucket.shown_state("ACME", pipeline, commit, a_pipeline(pipeline).id);
}

}  // namespace connector::support
