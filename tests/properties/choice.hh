// Which histories a test program plays:
//   PROPERTY_PROFILES  names of profiles (profile.cc) separated by commas; default: all
//   PROPERTY_COUNT     histories of each profile; the default is the program's
//   PROPERTY_SEED      seed of the first; default 1; with PROPERTY_COUNT=1 the one history that a failure
//                      names
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/plan.hh"
#include "properties/profile.hh"
#include "properties/watch.hh"

namespace connector::properties {

/// The value of a variable; `otherwise` where it is not set or empty.
std::string variable(const char* name, const char* otherwise);

std::vector<Profile> chosen_profiles();

/// Seeds from `first` up to `end`.
struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t end = 1;
};

/// `count` is that of a program without PROPERTY_COUNT.
Seeds chosen_seeds(std::uint64_t count);

/// Everything a person needs to understand a failure: how to see it again, the history, what happened.
std::string dump(const Plan& plan, const std::string& failure, const std::vector<std::string>& trace);

}  // namespace connector::properties
