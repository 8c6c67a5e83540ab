// Where passes are measured: both servers, a state file, and the two programs that make passes: the
// connector, and the bare loop that does the least.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "benchmark/launcher.hh"
#include "benchmark/lean_server.hh"
#include "benchmark/scene.hh"
#include "support/temp_dir.hh"
#include "support/test_certificates.hh"

namespace connector::benchmark {

/// Statuses in flight at once, and so the most connections to Bitbucket: the connector's default.
constexpr std::size_t parallel_statuses = 8;
/// Listings of a pass, and so the most connections to Buildkite.
constexpr std::size_t parallel_listings = 3;

struct Programs {
  std::string connector;
  std::string bare_pass;
};

/// What a pass came to.
struct Performance {
  Sample sample;
  Tally tally{};
  std::size_t connections = 0;
};

class Stage {
 public:
  /// With an authority the servers speak TLS. All must outlive the stage.
  Stage(Launcher& launcher, Programs programs, const support::TestAuthority* authority = nullptr);

  void set_latency(std::chrono::milliseconds latency);

  /// A pass of the connector, or the same work by the bare loop. Throws std::runtime_error when it fails,
  /// asks for anything beyond what the scene expects, or leaves out a status.
  Performance by_connector(const Scene& scene);
  Performance by_bare_loop(const Scene& scene);

  /// What it takes this disk to replace a file of the size of the scene's state so that it survives a crash,
  /// which the connector does once in each pass, and once more before posting.
  Sample by_disk(const Scene& scene);

  /// One pass of the connector on the state that is there, whatever comes of it: for recording. Throws
  /// std::runtime_error when it fails.
  void rehearse(std::chrono::milliseconds overlap, Answer answer);
  [[nodiscard]] SavedState saved_state() const;
  /// The next pass is the first one.
  void forget_state() const;

 private:
  [[nodiscard]] std::string state_file() const { return directory_.file("state.json"); }
  [[nodiscard]] support::Environment environment(std::chrono::milliseconds overlap) const;
  Launched launch(const std::vector<std::string>& argv, const support::Environment& environment);
  Performance perform(const Scene& scene, const std::vector<std::string>& argv);
  std::string_view play(const Scene& scene, std::string_view request);
  [[nodiscard]] std::string state_of(const Scene& scene) const;
  void prepare_plan(const Scene& scene) const;

  Launcher& launcher_;
  Programs programs_;
  support::TempDir directory_;
  support::Identity identity_;
  std::string ca_file_;  // empty for plain HTTP
  Answer answer_;        // changed only while no program runs
  LeanServer buildkite_;
  LeanServer bitbucket_;

  std::atomic<std::size_t> digest_{0};
  std::array<std::atomic<std::size_t>, kind_count> counts_{};
};

}  // namespace connector::benchmark
