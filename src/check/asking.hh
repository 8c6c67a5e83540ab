// How --check asks where a step depends on the one before: one request at a time.
#pragma once

#include <utility>

#include "http/engine.hh"

namespace connector::check {

/// What became of the request, when the engine is done with it.
inline http::Outcome ask(http::Engine& engine, http::Request request) {
  http::Outcome answer = http::Failure{};
  engine.submit(std::move(request), [&](http::Outcome outcome) { answer = std::move(outcome); });
  engine.run();
  return answer;
}

}  // namespace connector::check
