// The secrets of a configuration, as a mask for texts that leave the program.
#pragma once

#include "config/config.hh"
#include "core/mask.hh"

namespace connector::config {

/// Hides every secret that the configuration holds, logins in the URLs of proxies included.
Mask mask_of(const Config& config);

}  // namespace connector::config
