// The real program against the fake peers over HTTP, with a state file and an environment of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/peers.hh"
#include "support/process.hh"
#include "support/temp_dir.hh"

namespace connector::support {

/// Where the program is. Throws std::runtime_error when nobody has said so.
std::string program_path();

class Program {
 public:
  explicit Program(BuildkiteSettings buildkite = {}, BitbucketSettings bitbucket = {});

  /// Runs one pass with the variables of the peers and `more` arguments.
  ProcessResult run(const std::vector<std::string>& more = {});
  /// Starts a pass and does not wait for it; killed with the object.
  [[nodiscard]] std::unique_ptr<Process> start(const std::vector<std::string>& more = {});
  /// Waits until a pass ends. No test may see a credential in what it prints.
  ProcessResult finish(Process& pass);
  /// Runs a shell script, in which "$0" is the program and the variables are those of the peers.
  ProcessResult run_in_shell(const std::string& script);
  /// The same with mounts of its own, in the directory of the state file; a command that fails ends it. Only
  /// where why_no_mounts() is empty.
  ProcessResult run_with_mounts(const std::string& script);
  /// A build of pipeline `slug`, whose repository is ACME/slug on the fake Bitbucket, which then exists.
  ABuild a_build_of(const std::string& slug);
  /// Builds 1 to `count` of pipeline web, passed, build N on commit_named("N"), a minute after one another.
  void add_passed_builds(std::uint64_t count);
  /// Lets clone URLs count that name the fake Bitbucket's own address, whatever BITBUCKET_URL is.
  void keep_clone_urls();
  /// What a reviewer sees for a pipeline on a commit; empty when there is no status.
  [[nodiscard]] std::string shown(const std::string& slug, const std::string& commit);
  /// How many statuses were posted, whatever the answers.
  [[nodiscard]] std::size_t posts();
  [[nodiscard]] std::string state_file() const { return directory.file("state.json"); }

  TempDir directory;
  Peers peers;
  HttpPeers http;
  Environment environment;
};

/// Why nothing can be mounted here, for a test to skip with; empty when it can.
std::string why_no_mounts();

}  // namespace connector::support
