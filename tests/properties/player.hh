// Plays a history: passes of the connector with crashes and restored states between the events of a plan,
// then clean passes; then compares what Bitbucket shows with the oracle.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/plan.hh"
#include "properties/watch.hh"

namespace connector::properties {

/// What went wrong first. With `trace`, what happened is written there, one line each.
std::optional<Failure> play(const Plan& plan, std::vector<std::string>* trace = nullptr);

}  // namespace connector::properties
