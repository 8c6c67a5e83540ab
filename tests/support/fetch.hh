// One attempt over a wire, waited for.
#pragma once

#include <chrono>
#include <stdexcept>
#include <utility>

#include "http/wire.hh"

namespace connector::support {

/// Throws std::runtime_error when nothing came of it in half a minute, which no test's limits allow.
inline http::Outcome fetch(http::Wire& wire, const http::Request& request) {
  const http::Steady end = wire.now() + std::chrono::seconds{30};
  wire.start(1, request);
  while (wire.now() < end) {
    for (http::Arrival& arrival : wire.wait(end)) return std::move(arrival.outcome);
  }
  throw std::runtime_error("an attempt does not end");
}

}  // namespace connector::support
