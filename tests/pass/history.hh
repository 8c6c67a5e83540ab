// A connector's life against the fake peers in memory: passes with time between them, on one state.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "config/config.hh"
#include "core/saved_state.hh"
#include "pass/pass.hh"
#include "pass/settings.hh"
#include "support/a_build.hh"
#include "support/peers.hh"

namespace connector::support {

class History {
 public:
  History();

  /// One pass of 50 seconds at most; virtual time goes on meanwhile.
  pass::Report pass();
  /// Time between passes.
  void wait(std::chrono::milliseconds duration) { peers.organization.advance(duration); }

  /// Passed builds `first` to `last` of pipeline web, whose repository then exists: build N is on
  /// commit_named("N") and was created `step` after build N - 1, build `first` at `start` + `step`.
  void add_passed_builds(std::uint64_t first, std::uint64_t last, Timestamp start,
                         std::chrono::milliseconds step);
  /// A repository of project ACME that the pipeline of this name is cloned from.
  void add_repository(std::string_view slug) { peers.bitbucket.add_repository("ACME", slug); }
  /// What a reviewer sees for a pipeline on a commit; empty when there is no status.
  [[nodiscard]] std::string shown(std::string_view pipeline, const std::string& commit) const;

  Peers peers;
  SavedState state;
  pass::Settings settings;
  std::string messages;  ///< of all passes, one line each
  /// Called at each save of the next passes; what it throws ends the pass as a crash would.
  pass::Save on_save = [](SavedState&, pass::SaveMoment) {};
  Timestamp local_clock = noon;
  std::uint64_t seed = 1;
};

/// A history in which pipeline web exists.
struct WebHistory : History {
  WebHistory() {
    add_repository("web");
    peers.organization.add_pipeline(a_pipeline("web"));
  }

  /// Passes every `pause` for as long as this.
  void pass_for(std::chrono::milliseconds duration,
                std::chrono::milliseconds pause = std::chrono::minutes{1}) {
    for (std::chrono::milliseconds passed{0}; passed < duration; passed += pause) {
      wait(pause);
      EXPECT_EQ(pass().status, ExitStatus::ok) << messages;
    }
  }

  [[nodiscard]] std::string shown_on(const std::string& of_commit) const { return shown("web", of_commit); }

  Organization& organization = peers.organization;
};

}  // namespace connector::support
