#include "core/ledger/missing.hh"

#include <algorithm>
#include <chrono>

namespace connector {

Missing still_missing(const std::optional<Missing>& before, bool pipeline_answers, Timestamp now) {
  Missing missing = before.value_or(Missing{now, 0, false});
  missing.since = std::min(missing.since, now);  // a time to come is a wrong clock's work
  missing.pipeline_hidden = !pipeline_answers;
  if (pipeline_answers) ++missing.passes;
  return missing;
}

bool is_gone(const Missing& missing, Timestamp now) {
  constexpr unsigned enough_passes = 3;
  constexpr std::chrono::minutes while_pipeline_answers{30};
  constexpr std::chrono::hours while_pipeline_is_hidden{24};
  const auto lasted = now - missing.since;
  if (missing.pipeline_hidden) return lasted >= while_pipeline_is_hidden;
  return missing.passes >= enough_passes && lasted >= while_pipeline_answers;
}

}  // namespace connector
