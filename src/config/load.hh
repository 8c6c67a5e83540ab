// From options, environment and file to the settings of a pass.
#pragma once

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/environment.hh"

namespace connector::config {

/// Lays defaults, configuration file, environment and options over one another, in this order, and checks the
/// result. Reads the configuration file and the files that hold secrets, nothing else. Throws Error with one
/// problem a line: usage when an option's value is among them, else config.
Config load(const Options& options, const Environment& environment);

}  // namespace connector::config
