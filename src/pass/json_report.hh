// What --json prints: the report of a pass as one JSON object, for dashboards and scripts.
#pragma once

#include <chrono>
#include <string>

#include "core/text/mask.hh"
#include "http/engine.hh"
#include "pass/pass.hh"

namespace connector::pass {

/// Raised whenever a member changes its meaning; members are added without.
constexpr unsigned json_report_version = 1;

/// The whole report and a line end. `status` is what the program ends with, `duration` the time since its
/// start; `mask` hides secrets in texts from outside. README lists the members.
std::string json_report(const Report& report, ExitStatus status, const http::Engine& engine,
                        std::chrono::milliseconds duration, const Mask& mask);

}  // namespace connector::pass
