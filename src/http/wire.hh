// The seam between the transfer engine's policy and the network: one attempt of one request, and the clock
// that goes with it. libcurl is behind it in the program, a model organization with a clock of its own in
// tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "http/request.hh"

namespace connector::http {

/// A point on a clock that never jumps, counted from an arbitrary start.
using Steady = std::chrono::milliseconds;

/// Names an attempt in flight.
using Ticket = std::uint64_t;

struct Arrival {
  Ticket ticket = 0;
  Outcome outcome;
};

class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  [[nodiscard]] virtual Steady now() const = 0;

  /// Begins an attempt; its outcome comes out of wait().
  virtual void start(Ticket ticket, const Request& request) = 0;

  /// Waits until an attempt ends or `until` is reached, and returns what ended. Returns early, possibly with
  /// nothing, when a stop signal arrives.
  virtual std::vector<Arrival> wait(Steady until) = 0;

  /// Gives up an attempt; no outcome follows.
  virtual void abort(Ticket ticket) = 0;
};

}  // namespace connector::http
