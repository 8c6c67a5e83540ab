// The real program against the fake peers over HTTP, with a state file and an environment of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/peers.hh"
#include "support/process.hh"
#include "support/temp_dir.hh"

namespace connector::support {

class Program {
 public:
  explicit Program(BuildkiteSettings buildkite = {}, BitbucketSettings bitbucket = {});

  /// Runs one pass with the variables of the peers and `more` arguments. No test may see a credential in what
  /// it prints.
  ProcessResult run(const std::vector<std::string>& more = {});
  /// Starts such a pass.
  Process start(const std::vector<std::string>& more = {});
  /// A build of pipeline `slug`, whose repository is ACME/slug on the fake Bitbucket, which then exists.
  ABuild a_build_of(const std::string& slug);
  /// Builds 1 to `count` of pipeline web, passed, build N on commit_named("N"), a minute after one another.
  void add_passed_builds(std::uint64_t count);
  /// Lets clone URLs count that name the fake Bitbucket's own address, whatever BITBUCKET_URL is.
  void keep_clone_urls();
  /// What a reviewer sees for a pipeline on a commit; empty when there is no status.
  [[nodiscard]] std::string shown(const std::string& slug, const std::string& commit);
  [[nodiscard]] std::string state_file() const { return directory.file("state.json"); }

  TempDir directory;
  Peers peers;
  HttpPeers http;
  Environment environment;
};

}  // namespace connector::support
