// A small world with work for a pass, and what must be right in it after any crash of that pass.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "end_to_end/program.hh"

namespace connector::support {

/// One pass has been made; since then builds have ended and new ones have come, so that the next pass reads,
/// posts and saves.
class CrashWorld {
 public:
  CrashWorld();

  /// Requires what holds at every moment: the state file is whole, and at most one temporary lies beside it.
  void expect_whole_state();
  /// Runs a pass, which must succeed, and requires what crashes may not change: every status is that of the
  /// newest build, each was posted once and at most once more, no temporary is left. A further pass then
  /// posts nothing and changes nothing but the marks of the pass itself.
  void expect_recovery();

  /// How many statuses were posted since the world changed.
  [[nodiscard]] std::size_t posts() { return program.posts() - posts_before_; }
  [[nodiscard]] int temporaries() const;

  Program program;

 private:
  using Posts = std::map<std::pair<std::string, std::string>, int>;  // how often by target and body

  void change_the_world();
  [[nodiscard]] Posts posts_since_change();
  void expect_statuses();
  void expect_idle_pass();

  std::size_t posts_before_ = 0;
};

/// Crashes passes at the calls of one name, one pass per call from number `first` on, each in a world of its
/// own, until a pass ends without meeting its call. Returns how many crashed.
int crash_at_each(const std::string& call, int first = 1);

}  // namespace connector::support
