// The transfer engine: every request of a pass goes through it. It owns the queue, the limits of parallel
// requests per peer, retries, pauses asked for by a peer, the deadline and the stop; the wire below it only
// makes attempts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "core/peer/quota.hh"
#include "core/peer/retry.hh"
#include "core/text/timestamp.hh"
#include "http/request.hh"
#include "http/wire.hh"

namespace connector::http {

/// Called once with what became of a request; it may submit further ones.
using Completion = std::function<void(Outcome)>;

struct EngineSettings {
  std::optional<Steady> deadline;  ///< on the wire's clock; no new work is begun after it
  Steady longest_wait{600'000};    ///< that a peer may ask of a pass, also of one without deadline
  Steady grace{2000};              ///< for requests in flight when the end comes
  std::array<unsigned, peer_count> parallel = {4, 8, 1, 1, 1};  ///< requests in flight per peer
  std::uint64_t seed = 0;                                       ///< of the jitter
};

/// What a pass did on one peer, for the report.
struct PeerCounts {
  std::uint64_t requests = 0;  ///< attempts, retries included
  std::uint64_t retries = 0;   ///< attempts that repeat a failed one; waits asked for by the peer left out
  std::map<int, std::uint64_t> answers;  ///< by HTTP status
  std::uint64_t failures = 0;            ///< attempts without an answer
};

class Engine {
 public:
  /// `stop_requested` is asked between steps; once it says true, no new request is begun.
  Engine(Wire& wire, EngineSettings settings, std::function<bool()> stop_requested);

  /// Queues a request. Its completion is called from within run().
  void submit(Request request, Completion completion);

  /// Works until nothing is queued or in flight, but for requests that nobody waits for. After the deadline
  /// or a stop, what was not begun completes as FailureKind::not_begun and what is in flight gets the grace.
  /// A wait that would pass the deadline is not begun: the outcome so far stands, and what waits behind the
  /// same pause completes as not_begun at once. What a completion throws passes through; the engine is then
  /// only good for destruction. `watch` is called before each wait for the network.
  void run(const std::function<void()>& watch = {});

  /// Whether new requests would still be begun.
  [[nodiscard]] bool accepting() const;

  /// What is left of the quota: as the peer's latest answer told it, less the requests submitted since that
  /// have no answer yet.
  [[nodiscard]] Quota quota(PeerId peer) const;
  /// For how long requests are held back because the peer asks for that; zero when none is.
  [[nodiscard]] Steady wait_left(PeerId peer) const;
  /// The newest Date header of the peer, if any answer had one that a clock may show.
  [[nodiscard]] std::optional<Timestamp> date(PeerId peer) const { return peer_of(peer).date; }
  [[nodiscard]] const PeerCounts& counts(PeerId peer) const { return peer_of(peer).counts; }

 private:
  /// Place in the queue: not before this time, then in order of submission.
  using Turn = std::pair<Steady, std::uint64_t>;

  struct Job {
    Turn turn;
    Request request;
    Completion completion;
    unsigned tries = 0;
    unsigned pauses = 0;
    std::optional<Outcome> last;    // of the attempt that is to be repeated
    bool may_have_arrived = false;  // one of the attempts so far
  };

  struct Peer {
    std::map<Turn, Job> waiting;
    unsigned parallel = 1;
    unsigned allowed = 1;  // falls to one with a pause, grows back to `parallel`
    unsigned in_flight = 0;
    Steady paused_until{0};
    Quota quota;
    std::optional<Timestamp> date;
    PeerCounts counts;
  };

  [[nodiscard]] Peer& peer_of(PeerId peer) { return peers_[static_cast<std::size_t>(peer)]; }
  [[nodiscard]] const Peer& peer_of(PeerId peer) const { return peers_[static_cast<std::size_t>(peer)]; }
  [[nodiscard]] bool has_waiting() const;
  [[nodiscard]] bool has_work() const;
  /// Whether a wait until then is too long for this pass.
  [[nodiscard]] bool too_late(Steady time) const;
  [[nodiscard]] static unsigned limit(const Peer& peer);
  [[nodiscard]] Steady next_event() const;

  void begin_ready(PeerId id);
  void begin(Peer& peer, Job job);
  static void complete_unbegun(Peer& peer, const std::string& reason);
  void abort_in_flight();
  void take(Arrival arrival);
  void learn(Peer& peer, const Outcome& outcome);
  [[nodiscard]] RetryDecision judge(const Peer& peer, const Job& job, const Outcome& outcome);
  void pause(Peer& peer, Steady wait);
  double fraction();

  Wire& wire_;
  EngineSettings settings_;
  std::function<bool()> stop_requested_;
  std::array<Peer, peer_count> peers_;
  std::map<Ticket, Job> in_flight_;
  std::uint64_t submitted_ = 0;
  Ticket last_ticket_ = 0;
  std::optional<Steady> ended_at_;  // when the deadline or the stop was noticed
  std::mt19937_64 random_;
};

}  // namespace connector::http
