#include "action/heartbeat.hh"

#include <string>
#include <variant>

#include "http/engine.hh"
#include "report/heartbeat.hh"

namespace connector::action {

void send_heartbeat(const config::Config& config, http::Wire& wire, const report::Log& log,
                    const pass::Report& report, ExitStatus status) {
  if (config.heartbeat.dms_snitch_id.empty()) return;
  const auto request = report::snitch_request(
      status, std::string(name_of(status)) + ", " + std::to_string(report.counts.posted) +
                  " statuses posted, " + std::to_string(report.counts.waiting) + " waiting");
  if (!request) return;
  http::EngineSettings settings;
  settings.deadline = wire.now() + std::chrono::seconds{10};
  http::Engine engine(wire, settings, [] { return false; });
  engine.submit(*request, [&](const http::Outcome& outcome) {
    const auto* answer = std::get_if<http::Response>(&outcome);
    if (answer != nullptr && answer->status / 100 == 2) return;
    log.warn("the heartbeat was not taken: " + (answer == nullptr
                                                    ? std::get<http::Failure>(outcome).text
                                                    : "status " + std::to_string(answer->status)));
  });
  engine.run();
}

}  // namespace connector::action
