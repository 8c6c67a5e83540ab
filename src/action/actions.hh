// What one call of the program does once its configuration is known.
#pragma once

#include "config/command_line.hh"
#include "config/config.hh"
#include "core/error.hh"
#include "core/exit_status.hh"
#include "core/text/mask.hh"

namespace connector::action {

/// What an action works with. `mask` hides the secrets of the configuration in everything that is written.
struct Setting {
  const config::Config& config;
  const config::Options& options;
  const Mask& mask;
};

/// Looks at everything that a pass needs and prints a line for each finding; leaves for passes what it found
/// out about the login and parked repositories. Returns what a pass would end with.
ExitStatus make_check(const Setting& setting);

/// The same for a configuration that cannot be loaded, which is the only finding.
ExitStatus refuse_check(const Error& error);

/// Prints why the commit that was named shows what it shows, and what the next pass does about it.
ExitStatus make_explanation(const Setting& setting);

/// One pass with its messages, report, heartbeat and metrics. Where every message is to be JSON, so is the
/// reason that ends it; else Error is thrown.
ExitStatus make_pass(const Setting& setting);

/// No pass can begin with this configuration. Those who watch over passes hear of it, as far as what was
/// right in the configuration names them.
void tell_of_wrong_configuration(const Setting& setting);

}  // namespace connector::action
