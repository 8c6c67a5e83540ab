#include "end_to_end/program.hh"

#include <cstdlib>
#include <mutex>
#include <stdexcept>

namespace connector::support {
namespace {

std::string program_path() {
  const char* path = std::getenv("CONNECTOR");
  if (path == nullptr) throw std::runtime_error("CONNECTOR must name the program to test");
  return path;
}

}  // namespace

Program::Program(BuildkiteSettings buildkite, BitbucketSettings bitbucket)
    : peers(noon, std::move(buildkite), std::move(bitbucket)), http(peers), environment(http.environment()) {
  environment["CONNECTOR_STATE"] = state_file();
}

ProcessResult Program::run(const std::vector<std::string>& more) {
  std::vector<std::string> argv = {program_path()};
  argv.insert(argv.end(), more.begin(), more.end());
  return run_process(argv, environment);
}

std::unique_ptr<Process> Program::start(const std::vector<std::string>& more) {
  std::vector<std::string> argv = {program_path()};
  argv.insert(argv.end(), more.begin(), more.end());
  return std::make_unique<Process>(argv, environment);
}

ProcessResult Program::run_in_shell(const std::string& script) {
  Environment with_path = environment;
  with_path.emplace("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
  return run_process({"/bin/sh", "-c", script, program_path()}, with_path);
}

ABuild Program::a_build_of(const std::string& slug) {
  peers.bitbucket.add_repository("ACME", slug);
  ABuild build = a_build();
  build.of(slug).in_repository(http.clone_url("acme", slug)).created(noon - std::chrono::minutes{10});
  return build;
}

std::string Program::shown(const std::string& slug, const std::string& commit) {
  const std::lock_guard lock(http.models());
  return peers.bitbucket.shown_state("ACME", slug, commit, a_pipeline(slug).id);
}

std::size_t Program::posts() {
  const std::lock_guard lock(http.models());
  return peers.bitbucket_log.count("POST");
}

}  // namespace connector::support
