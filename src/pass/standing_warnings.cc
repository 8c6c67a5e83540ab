#include "pass/standing_warnings.hh"

namespace connector::pass {

bool StandingWarnings::due(const std::string& name, std::chrono::hours pause) {
  const auto printed = warned_.find(name);
  if (printed != warned_.end() && now_ >= printed->second && now_ - printed->second < pause) return false;
  warned_[name] = now_;
  return true;
}

}  // namespace connector::pass
