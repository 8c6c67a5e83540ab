// A wire without a network: a script says what each attempt comes to and after how long; the clock moves only
// while somebody waits.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "http/wire.hh"

namespace connector::support {

struct Reply {
  http::Steady after{10};
  http::Outcome outcome;
};

inline Reply answer(int status, std::vector<std::pair<std::string, std::string>> headers = {},
                    std::string body = {}) {
  http::Response response{.status = status, .headers = {}, .body = std::move(body)};
  for (const auto& [name, value] : headers) response.headers.set(name, value);
  return {http::Steady{10}, std::move(response)};
}

inline Reply unreachable(bool may_have_arrived = false) {
  return {http::Steady{10}, http::Failure{http::FailureKind::unreachable, may_have_arrived, "gone"}};
}

/// An attempt that never ends by itself.
inline Reply silence() {
  return {http::Steady{1'000'000'000}, http::Response{}};
}

class ScriptedWire final : public http::Wire {
 public:
  struct Start {
    http::Steady at;
    http::PeerId peer;
    std::string target;
  };

  explicit ScriptedWire(std::function<Reply(const http::Request&)> script) : script_(std::move(script)) {}

  [[nodiscard]] http::Steady now() const override { return now_; }

  void start(http::Ticket ticket, const http::Request& request) override {
    starts.push_back({now_, request.peer, request.target});
    const auto peer = static_cast<std::size_t>(request.peer);
    most_in_flight[peer] = std::max(most_in_flight[peer], ++in_flight_[peer]);
    Reply reply = script_(request);
    pending_.emplace(now_ + reply.after, Pending{ticket, peer, std::move(reply.outcome)});
  }

  std::vector<http::Arrival> wait(http::Steady until) override {
    if (++waits_ > 100'000) throw std::logic_error("the engine waits without end");
    std::vector<http::Arrival> arrivals;
    if (pending_.empty() || pending_.begin()->first > until) {
      if (until == http::Steady::max()) throw std::logic_error("a wait for nothing");
      now_ = std::max(now_, until);
      return arrivals;
    }
    now_ = std::max(now_, pending_.begin()->first);
    while (!pending_.empty() && pending_.begin()->first <= now_) {
      Pending ended = std::move(pending_.extract(pending_.begin()).mapped());
      --in_flight_[ended.peer];
      arrivals.push_back({ended.ticket, std::move(ended.outcome)});
    }
    return arrivals;
  }

  void abort(http::Ticket ticket) override {
    for (auto entry = pending_.begin(); entry != pending_.end(); ++entry) {
      if (entry->second.ticket != ticket) continue;
      --in_flight_[entry->second.peer];
      pending_.erase(entry);
      ++aborted;
      return;
    }
    throw std::logic_error("an attempt was given up that is not in flight");
  }

  std::vector<Start> starts;
  std::array<int, http::peer_count> most_in_flight{};
  int aborted = 0;

 private:
  struct Pending {
    http::Ticket ticket;
    std::size_t peer;
    http::Outcome outcome;
  };

  std::function<Reply(const http::Request&)> script_;
  http::Steady now_{1000};
  std::multimap<http::Steady, Pending> pending_;
  std::array<int, http::peer_count> in_flight_{};
  int waits_ = 0;
};

}  // namespace connector::support
