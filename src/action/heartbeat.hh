// The last act of a pass: the watchdog service hears how it ended.
#pragma once

#include "config/config.hh"
#include "core/exit_status.hh"
#include "http/wire.hh"
#include "pass/pass.hh"
#include "report/log.hh"

namespace connector::action {

/// Best effort, within 10 seconds: a watchdog that cannot be told is a warning and no reason for another exit
/// status.
void send_heartbeat(const config::Config& config, http::Wire& wire, const report::Log& log,
                    const pass::Report& report, ExitStatus status);

}  // namespace connector::action
