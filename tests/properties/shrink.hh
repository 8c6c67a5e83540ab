// Makes a history that fails in memory shorter while it fails by the same rule.
#pragma once

#include <chrono>

#include "properties/plan.hh"
#include "properties/watch.hh"

namespace connector::properties {

Plan shortened(Plan plan, const Failure& failure, std::chrono::seconds patience);

}  // namespace connector::properties
