// Plays a history in memory: the pass itself over a wire with virtual time, each time the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/plan.hh"
#include "properties/watch.hh"

namespace connector::properties {

/// What went wrong first. With `trace`, what happened is written there, one line each.
std::optional<Failure> play_in_memory(const Plan& plan, std::vector<std::string>* trace = nullptr);

}  // namespace connector::properties
