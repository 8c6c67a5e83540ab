// Plays a history: passes of the connector with crashes and restored states between the events of a plan,
// then clean passes; then compares what Bitbucket shows with the oracle.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "properties/passes.hh"
#include "properties/plan.hh"
#include "properties/watch.hh"
#include "properties/world.hh"

namespace connector::properties {

/// How far back the first pass looks for builds; the default of the program.
constexpr std::chrono::hours initial_search_time{168};

/// What went wrong first. With `trace`, what happened is written there, one line each.
std::optional<Failure> play(const Plan& plan, World& world, Passes& passes, std::vector<std::string>* trace);

}  // namespace connector::properties
