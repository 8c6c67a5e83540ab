// Builds for tests, in the words of the domain: a_build().of("web").number(7).on("main").passed(). What a
// test does not say has a plausible default, the same in every run. Needs the core alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/build/build.hh"

namespace connector::support {

/// 2026-01-15T12:00:00Z, the time at which histories in tests begin.
inline constexpr Timestamp noon =
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 15} + std::chrono::hours{12};

/// A full commit id (40 hexadecimal digits) that is always the same for a label.
std::string commit_named(std::string_view label);

/// A UUID that is always the same for a label.
std::string uuid_named(std::string_view label);

/// A pipeline whose repository is on the Bitbucket of the tests:
/// https://bitbucket.example.com/scm/acme/SLUG.git.
Pipeline a_pipeline(std::string_view slug);

/// Collects what a test says about a build; converts to the Build.
class ABuild {
 public:
  ABuild& of(std::string_view pipeline_slug);
  ABuild& of(Pipeline pipeline);
  /// The clone URL of its pipeline.
  ABuild& in_repository(std::string_view url);
  ABuild& number(std::uint64_t number);
  ABuild& on(std::string_view branch);
  ABuild& commit(std::string_view commit);
  ABuild& tag(std::string_view tag);
  ABuild& message(std::string_view message);
  ABuild& web_url(std::string_view url);
  ABuild& for_pull_request(std::string_view number);
  ABuild& created(Timestamp time);
  ABuild& finished(Timestamp time);

  ABuild& in_state(BuildState state);
  /// A state by its word, known to this program or not.
  ABuild& in_state(std::string_view word);
  ABuild& scheduled() { return in_state(BuildState::scheduled); }
  ABuild& running() { return in_state(BuildState::running); }
  ABuild& failing() { return in_state(BuildState::failing); }
  ABuild& canceling() { return in_state(BuildState::canceling); }
  ABuild& passed() { return in_state(BuildState::passed); }
  ABuild& failed() { return in_state(BuildState::failed); }
  ABuild& canceled() { return in_state(BuildState::canceled); }
  ABuild& skipped() { return in_state(BuildState::skipped); }
  ABuild& not_run() { return in_state(BuildState::not_run); }
  /// Waits at a block step; its state stays what it is (passed, unless the test says failed).
  ABuild& blocked();

  /// With what was left unsaid filled in: URL, message, and for builds that started or finished the times.
  [[nodiscard]] Build build() const;
  operator Build() const {
    return build();
  }  // NOLINT(google-explicit-constructor): reads as a build in tests

 private:
  Build build_;
};

/// Build 1 of pipeline "web" on branch "main", passed, created at noon.
ABuild a_build();

}  // namespace connector::support
