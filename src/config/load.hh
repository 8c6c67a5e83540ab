// From options, environment and file to the settings of a pass.
#pragma once

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/environment.hh"

namespace connector::config {

/// Lays defaults, configuration file, environment and options over one another, in this order, and checks the
/// result. Reads the configuration file and the files that hold secrets, nothing else. Throws Error with all
/// problems: those of the file in its order, each with its line beneath, then the others, a line each; its
/// status is usage when an option's value is among them, else config.
Config load(const Options& options, const Environment& environment);

}  // namespace connector::config
