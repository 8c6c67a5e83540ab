// The transfer engine's wire without a network: fake peers in process, virtual time, a seeded order of
// arrival. Thousands of passes a second, each replayable by its seed.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "http/request.hh"
#include "http/wire.hh"
#include "support/fake_message.hh"

namespace connector::support {

/// How one peer is reached.
struct MemoryPeer {
  Handler handler;
  std::map<std::string, std::string> headers;  ///< sent with every request, names in lower case
  std::string context_path;                    ///< put before every target
};

struct MemoryWireSettings {
  std::array<MemoryPeer, http::peer_count> peers;  ///< by http::PeerId
  std::uint64_t seed = 1;
  std::chrono::milliseconds quickest{5};  ///< from the client to the peer, and back again
  std::chrono::milliseconds slowest{40};
  /// Told of every step of the virtual time, so that the model's clock can follow.
  std::function<void(std::chrono::milliseconds)> on_time_passing;
};

/// The peer acts on a request when it reaches it, not when it is sent; so requests in flight at once are
/// served in an order of their own, and one that is given up lands nevertheless if time goes on.
class MemoryWire : public http::Wire {
 public:
  explicit MemoryWire(MemoryWireSettings settings);

  [[nodiscard]] http::Steady now() const override { return now_; }
  void start(http::Ticket ticket, const http::Request& request) override;
  std::vector<http::Arrival> wait(http::Steady until) override;
  void abort(http::Ticket ticket) override;

  /// Lets time pass with nobody waiting, as between two passes.
  void sleep(std::chrono::milliseconds duration);

 private:
  struct Asked {
    http::Ticket ticket = 0;
    http::Request request;
  };
  struct Answered {
    http::Ticket ticket = 0;
    http::Outcome outcome;
  };
  using Event = std::variant<Asked, Answered>;

  void schedule(std::chrono::milliseconds delay, Event event);
  void happen(Event event, std::vector<http::Arrival>& arrivals);
  FakeAnswer ask(const http::Request& request);
  void move_to(http::Steady time);
  std::chrono::milliseconds latency();

  MemoryWireSettings settings_;
  std::mt19937_64 random_;
  http::Steady now_{0};
  std::map<std::pair<http::Steady, std::uint64_t>, Event> events_;  // by time, then by order of scheduling
  std::uint64_t scheduled_ = 0;
  std::set<http::Ticket> awaited_;
};

}  // namespace connector::support
