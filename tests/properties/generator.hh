// Makes up histories: the same profile and seed make the same one on every machine.
#pragma once

#include <cstdint>

#include "properties/plan.hh"
#include "properties/profile.hh"

namespace connector::properties {

Plan make_plan(const Profile& profile, std::uint64_t seed);

}  // namespace connector::properties
