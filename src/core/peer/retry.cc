#include "core/peer/retry.hh"

#include <algorithm>

namespace connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_backoff{500};
constexpr milliseconds longest_backoff{8000};
constexpr milliseconds shortest_pause{500};
constexpr seconds pause_without_hint{10};
constexpr std::uint64_t smallest_budget = 10;

milliseconds part_of(milliseconds whole, double fraction) {
  return milliseconds{static_cast<milliseconds::rep>(static_cast<double>(whole.count()) * fraction)};
}

bool is_transient(int status) {
  switch (status) {
    case 0:
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

/// Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
milliseconds backoff(unsigned tries, double fraction) {
  const milliseconds ceiling = first_backoff * (1U << std::min(tries - 1U, 10U));
  return part_of(std::min(ceiling, longest_backoff), fraction);
}

}  // namespace

RetryDecision decide_retry(const AttemptResult& attempt, bool budget_left, double fraction) {
  if (attempt.status == 429 || (attempt.status == 503 && attempt.hint)) {
    if (attempt.pauses >= most_pauses) return {};
    return {RetryAction::pause, pause_for(attempt.hint.value_or(pause_without_hint), fraction)};
  }
  if (!is_transient(attempt.status) || attempt.tries >= most_tries || !budget_left) return {};
  return {RetryAction::retry, backoff(attempt.tries, fraction)};
}

milliseconds pause_for(seconds hint, double fraction) {
  const milliseconds asked = std::max<milliseconds>(hint, shortest_pause);
  const milliseconds spread = std::clamp<milliseconds>(asked / 10, milliseconds{250}, seconds{5});
  return asked + part_of(spread, fraction);
}

std::uint64_t retry_budget(std::uint64_t requests) {
  return std::max(requests / 10, smallest_budget);
}

}  // namespace connector
