#include "end_to_end/program.hh"

#include <unistd.h>

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

Environment with_path(Environment environment) {
  environment.emplace("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
  return environment;
}

// Root needs no user namespace for its mounts, others do.
std::vector<std::string> in_own_mounts(const std::string& script, const std::string& argument) {
  std::vector<std::string> argv = {"/usr/bin/env", "unshare", "--mount"};
  if (::geteuid() != 0) argv.emplace_back("--map-root-user");
  argv.insert(argv.end(), {"/bin/sh", "-ec", script, argument});
  return argv;
}

}  // namespace

std::string why_no_mounts() {
  const auto result = run_process(in_own_mounts("mount -t tmpfs none /mnt 2>&1", "probe"), with_path({}));
  return result.exit_status == 0 ? "" : "nothing can be mounted here: " + result.out + result.err;
}

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
  return run_process({"/bin/sh", "-c", script, program_path()}, with_path(environment));
}

ProcessResult Program::run_with_mounts(const std::string& script) {
  const std::string there = "cd \"$(dirname \"$CONNECTOR_STATE\")\"\n";
  return run_process(in_own_mounts(there + script, program_path()), with_path(environment));
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
