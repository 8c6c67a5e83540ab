#include "end_to_end/program.hh"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <stdexcept>

#include "core/text/text.hh"

namespace connector::support {
namespace {

/// Whether a text shows one of the peers' credentials, as it is or as it travels.
bool shows_credential(Peers& peers, const std::string& text) {
  const Credentials& login = peers.bitbucket.settings().credentials;
  std::vector<std::string> forms = {base64(login.username + ':' + login.password)};
  for (const std::string& secret : {peers.buildkite.settings().token, login.password, login.token}) {
    forms.insert(forms.end(), {secret, percent_encode(secret), base64(secret)});
  }
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return text.find(form) != std::string::npos; });
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

std::string program_path() {
  const char* path = std::getenv("CONNECTOR");
  if (path == nullptr) throw std::runtime_error("CONNECTOR must name the program to test");
  return path;
}

std::string why_no_mounts() {
  const auto result = run_process(in_own_mounts("mount -t tmpfs none /mnt 2>&1", "probe"), with_path({}));
  return result.exit_status == 0 ? "" : "nothing can be mounted here: " + result.out + result.err;
}

Program::Program(BuildkiteSettings buildkite, BitbucketSettings bitbucket)
    : peers(noon, std::move(buildkite), std::move(bitbucket)), http(peers), environment(http.environment()) {
  environment["CONNECTOR_STATE"] = state_file();
}

ProcessResult Program::run(const std::vector<std::string>& more) {
  return finish(*start(more));
}

ProcessResult Program::finish(Process& pass) {
  ProcessResult result = pass.wait(std::chrono::seconds{60});
  EXPECT_FALSE(shows_credential(peers, result.out + result.err)) << result.out << result.err;
  return result;
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

void Program::add_passed_builds(std::uint64_t count) {
  const Timestamp start = noon - std::chrono::minutes{count + 10};
  for (std::uint64_t i = 1; i <= count; ++i) {
    peers.organization.add(a_build_of("web")
                               .number(i)
                               .commit(commit_named(std::to_string(i)))
                               .created(start + std::chrono::minutes{i})
                               .passed());
  }
}

void Program::keep_clone_urls() {
  const std::string config = directory.file("config.toml");
  write_file(config, "[bitbucket]\nrepository_hosts = [\"127.0.0.1\"]\n");
  environment["CONNECTOR_CONFIG"] = config;
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
