// What only shows when all settings are known: missing ones and contradictions.
#pragma once

#include <string>
#include <vector>

#include "config/config.hh"

namespace connector::config {

/// One line for each required setting that is nowhere set, with its key and its variables.
std::vector<std::string> missing_settings(const Config& config);

/// One line for each pair of settings that exclude or need one another.
std::vector<std::string> contradictions(const Config& config);

}  // namespace connector::config
