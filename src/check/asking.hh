// One request at a time: --check has no hurry, and each of its steps depends on the one before.
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
