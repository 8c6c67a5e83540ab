// When an open build that Buildkite does not show any more counts as gone. An answer of 404 may be a fault, a
// deleted build or pipeline, or a pipeline hidden from our token for a while.
#pragma once

#include <optional>

#include "core/text/timestamp.hh"

namespace connector {

/// What is known of a build that was asked for by its number and answered with 404.
struct Missing {
  Timestamp since{};             ///< the first such answer
  unsigned passes = 0;           ///< passes with such an answer while its pipeline answered
  bool pipeline_hidden = false;  ///< its pipeline was not to be found either, when last asked
  bool operator==(const Missing&) const = default;
};

/// Takes note of one more pass whose answer was 404.
Missing still_missing(const std::optional<Missing>& before, bool pipeline_answers, Timestamp now);

/// A build is gone after three passes over at least 30 minutes while its pipeline answers; one whose pipeline
/// is not to be found either, after 24 hours.
bool is_gone(const Missing& missing, Timestamp now);

}  // namespace connector
