// What the tests of the engine share: requests in short and an engine that remembers what it completed.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <variant>

#include "http/engine.hh"

namespace connector::http {

inline Request get(std::string target, PeerId peer = PeerId::buildkite) {
  return {.peer = peer, .method = Method::get, .target = std::move(target)};
}

inline Request post(std::string target) {
  return {.peer = PeerId::bitbucket, .method = Method::post, .target = std::move(target), .body = "{}"};
}

inline int status_of(const Outcome& outcome) {
  const auto* response = std::get_if<Response>(&outcome);
  return response == nullptr ? 0 : response->status;
}

/// An engine over a script, with everything it completed.
class EngineTest : public testing::Test {
 protected:
  void submit(Engine& engine, Request request) {
    const std::string target = request.target;
    engine.submit(std::move(request), [this, target](Outcome outcome) {
      EXPECT_EQ(outcomes.count(target), 0U) << "completed twice: " << target;
      outcomes.emplace(target, std::move(outcome));
    });
  }

  /// What became of a request that must have failed.
  Failure failure(const std::string& target) {
    const auto found = outcomes.find(target);
    if (found == outcomes.end() || !std::holds_alternative<Failure>(found->second)) {
      ADD_FAILURE() << target << " did not fail";
      return {};
    }
    return std::get<Failure>(found->second);
  }

  [[nodiscard]] Engine engine(Wire& wire, EngineSettings settings = {}) {
    return {wire, settings, [this] { return stop; }};
  }

  bool stop = false;
  std::map<std::string, Outcome> outcomes;
};

}  // namespace connector::http
