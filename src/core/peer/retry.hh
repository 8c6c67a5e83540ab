// The retry rule: what to do about an attempt that did not succeed. Pure: time, randomness and what is left
// of the budget are arguments, the wait is a value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace connector {

/// How often a request is tried in all.
constexpr unsigned most_tries = 3;

/// How often a request waits for a peer that asks it to. It bounds a pass without deadline.
constexpr unsigned most_pauses = 20;

/// What an attempt came to.
struct AttemptResult {
  unsigned tries = 1;   ///< of this request so far, this one included, those that ended in a pause left out
  unsigned pauses = 0;  ///< of this request so far
  int status = 0;       ///< of the answer; 0 = none came (connection, time-out, reset)
  std::optional<std::chrono::seconds> hint;  ///< how long the answer asks us to wait
};

enum class RetryAction {
  finish,  ///< the outcome stands
  retry,   ///< once more after the wait; takes from the budget
  pause    ///< the peer wants to be left alone for the wait; costs neither tries nor budget
};

struct RetryDecision {
  RetryAction action = RetryAction::finish;
  std::chrono::milliseconds wait{0};
};

/// Decides about an attempt. No answer and 408, 500, 502, 503, 504 are retried up to most_tries while the
/// budget lasts, with exponential back-off and full jitter. 429, and 503 with a hint, is a pause. Everything
/// else stands. `fraction` is random in [0, 1).
RetryDecision decide_retry(const AttemptResult& attempt, bool budget_left, double fraction);

/// How long to leave a peer alone that asks for `hint`: at least that long, plus a little that differs
/// between those who wait for the same bucket.
std::chrono::milliseconds pause_for(std::chrono::seconds hint, double fraction);

/// How many retries a peer may cost after this many requests to it: a tenth, and a few in any case.
std::uint64_t retry_budget(std::uint64_t requests);

}  // namespace connector
