#include "pass/standing.hh"

namespace connector::pass {

report::Standing standing_of(const Counts& counts, const Ledger& ledger, const http::Engine& engine) {
  report::Standing standing{counts.builds, counts.posted, ledger.outbox_size(), std::nullopt};
  http::Steady longest{0};
  for (const auto peer : {http::PeerId::buildkite, http::PeerId::bitbucket}) {
    const http::Steady left = engine.wait_left(peer);
    if (left <= longest) continue;
    longest = left;
    standing.wait = report::Wait{name_of(peer), left};
  }
  return standing;
}

}  // namespace connector::pass
