// The effective settings for people (--print-config).
#pragma once

#include <string>

#include "config/config.hh"

namespace connector::config {

/// Every setting with its value and origin, as TOML, one a line; secrets as "***". What has no value is a
/// comment.
std::string print_config(const Config& config);

}  // namespace connector::config
