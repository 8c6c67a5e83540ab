// The secrets of a configuration, as a mask for texts that leave the program.
#pragma once

#include "config/config.hh"
#include "config/environment.hh"
#include "core/text/mask.hh"

namespace connector::config {

/// Hides every secret that the configuration holds, logins in the URLs of proxies included, also of those
/// that the environment names for every program.
Mask mask_of(const Config& config, const Environment& environment = {});

}  // namespace connector::config
