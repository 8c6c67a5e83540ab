// Both fake peers around one model organization, with a log and faults in front of each: all that a pass
// talks to. In memory (memory_peers) or over HTTP (HttpPeers).
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "core/text/timestamp.hh"
#include "support/a_build.hh"
#include "support/fake_bitbucket.hh"
#include "support/fake_buildkite.hh"
#include "support/faults.hh"
#include "support/http_front.hh"
#include "support/memory_wire.hh"
#include "support/organization.hh"
#include "support/process.hh"
#include "support/request_log.hh"

namespace connector::support {

/// The organization is "acme-inc". Bitbucket follows its clock.
struct Peers {
  explicit Peers(Timestamp now = noon, BuildkiteSettings buildkite_settings = {},
                 BitbucketSettings bitbucket_settings = {});
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;

  /// What a transport serves: the log sees a request first, then the faults, then the peer.
  [[nodiscard]] Handler buildkite_handler();
  [[nodiscard]] Handler bitbucket_handler();

  /// When set, the organization's time is read from it at every request; else it moves only as the test moves
  /// it.
  Clock clock;
  Organization organization;
  /// What the program logs in with at Bitbucket, if other than what the server takes.
  std::optional<Credentials> login;
  FakeBuildkite buildkite;
  FakeBitbucket bitbucket;
  RequestLog buildkite_log;
  RequestLog bitbucket_log;
  Faults buildkite_faults;
  Faults bitbucket_faults;

 private:
  void follow_clock();
};

/// The peers for a MemoryWire, credentials included; virtual time moves the organization's clock. `peers`
/// must outlive the wire.
MemoryWireSettings memory_peers(Peers& peers, std::uint64_t seed = 1);

/// The peers over HTTP. The organization's clock stands still unless the test moves it.
class HttpPeers {
 public:
  /// `peers` must outlive this object. A test that touches them while the program runs holds models().
  explicit HttpPeers(Peers& peers, HttpFrontSettings settings = {});

  /// The variables that are enough to run the program.
  [[nodiscard]] Environment environment() const;
  /// A clone URL on this Bitbucket: ".../scm/PROJECT/SLUG.git".
  [[nodiscard]] std::string clone_url(const std::string& project, const std::string& slug) const;

  /// Waits until nothing that clients left behind is under way.
  void wait_until_idle() {
    buildkite_.wait_until_idle();
    bitbucket_.wait_until_idle();
  }

  [[nodiscard]] HttpFront& buildkite() noexcept { return buildkite_; }
  [[nodiscard]] HttpFront& bitbucket() noexcept { return bitbucket_; }
  [[nodiscard]] std::mutex& models() noexcept { return models_; }

 private:
  Peers& peers_;
  std::mutex models_;
  HttpFront buildkite_;
  HttpFront bitbucket_;
};

}  // namespace connector::support
