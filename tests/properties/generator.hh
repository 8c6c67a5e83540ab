// Makes up histories: the same profile and seed make the same one on every machine.
#pragma once

#include <cstdint>
#include <functional>

#include "properties/plan.hh"
#include "properties/profile.hh"

namespace connector::properties {

Plan make_plan(const Profile& profile, std::uint64_t seed);

/// Numbers of 64 bits by which everything is decided.
using Numbers = std::function<std::uint64_t()>;
/// The same, decided by numbers from elsewhere; the seed is that of playing it.
Plan make_plan(const Profile& profile, std::uint64_t seed, Numbers numbers);

}  // namespace connector::properties
