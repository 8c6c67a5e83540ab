#include "pass/outcome.hh"

#include <algorithm>

namespace connector::pass {

std::string_view word_of(StatusResult result) {
  switch (result) {
    case StatusResult::planned:
      return "planned";
    case StatusResult::posted:
      return "posted";
    case StatusResult::refused:
      return "refused";
    case StatusResult::not_delivered:
      break;
  }
  return "not delivered";
}

std::vector<ExitStatus> Causes::all() const {
  std::vector<ExitStatus> causes = causes_;
  for (std::size_t peer = 0; peer < http::peer_count; ++peer) {
    if (strange_.at(peer)) causes.push_back(worked_.at(peer) ? ExitStatus::temp_fail : ExitStatus::protocol);
  }
  return causes;
}

bool Causes::nothing_left() const {
  const auto causes = all();
  return std::all_of(causes.begin(), causes.end(),
                     [](ExitStatus cause) { return cause == ExitStatus::incomplete; });
}

ExitStatus Causes::exit_status(bool lasted) const {
  auto causes = all();
  if (lasted) std::replace(causes.begin(), causes.end(), ExitStatus::temp_fail, ExitStatus::unavailable);
  return choose(causes);
}

}  // namespace connector::pass
