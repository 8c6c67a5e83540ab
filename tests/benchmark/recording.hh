// Records scenes: an organization is made up, the connector itself makes passes over it until it is up to
// date, then the one pass that everybody repeats.
#pragma once

#include <chrono>
#include <cstddef>

#include "benchmark/scene.hh"
#include "benchmark/stage.hh"

namespace connector::benchmark {

struct SceneWish {
  std::size_t changed = 0;                                    ///< builds created since the last pass
  std::chrono::milliseconds pause = std::chrono::minutes{1};  ///< from the last pass to this one
  std::size_t before = 200;                                   ///< builds that were there in the last pass
  std::chrono::milliseconds past = std::chrono::minutes{75};  ///< over which those were created
  std::chrono::milliseconds overlap = usual_overlap;          ///< see Scene
  std::size_t more_entries = 0;                               ///< of the ledger: of builds of the days before
};

/// Throws std::runtime_error when the connector asks for anything but what the design says.
Scene record(Stage& stage, const SceneWish& wish);

}  // namespace connector::benchmark
