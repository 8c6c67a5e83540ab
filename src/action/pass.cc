// One pass: its messages, its result, and what it leaves behind.
#include "pass/pass.hh"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "action/actions.hh"
#include "action/assembly.hh"
#include "action/heartbeat.hh"
#include "config/environment.hh"
#include "core/error.hh"
#include "http/stop_signal.hh"
#include "pass/json_report.hh"
#include "pass/planned_table.hh"
#include "pass/standing.hh"
#include "report/console.hh"
#include "report/log.hh"
#include "report/look.hh"
#include "report/standard_output.hh"

namespace connector::action {
namespace {

void log_summary(const report::Log& log, const pass::Report& report, const http::Engine& engine) {
  const auto number = [](std::uint64_t count) { return std::to_string(count); };
  log.info("pass ended", {{"status", std::string(name_of(report.status))},
                          {"builds", number(report.counts.builds)},
                          {"filtered_out", number(report.counts.filtered_out)},
                          {"other_shard", number(report.counts.other_shard)},
                          {"other_repository", number(report.counts.other_repository)},
                          {"unreportable", number(report.counts.unreportable)},
                          {"posted", number(report.counts.posted)},
                          {"refused", number(report.counts.refused)},
                          {"dead_letters", number(report.counts.dead_letters)},
                          {"waiting", number(report.counts.waiting)},
                          {"adopted", number(report.counts.adopted)},
                          {"gaps", number(report.gaps.size())},
                          {"lag_seconds", number(static_cast<std::uint64_t>(report.lag.count() / 1000))},
                          {"buildkite_requests", number(engine.counts(http::PeerId::buildkite).requests)},
                          {"bitbucket_requests", number(engine.counts(http::PeerId::bitbucket).requests)}});
}

std::string adoption_text(const pass::Counts& counts) {
  std::string text = std::to_string(counts.adopted) + " old records were brought up to date\n";
  if (counts.left_open > 0) {
    text += std::to_string(counts.left_open) +
            " builds are still open; start --adopt again when they have ended\n";
  }
  return text;
}

std::string repair_text(const pass::Counts& counts) {
  return std::to_string(counts.posted) + (counts.posted == 1 ? " status was" : " statuses were") +
         " posted\n";
}

/// What somebody who started the pass by hand wants to read; nothing for an ordinary pass.
std::string result_text(const config::Options& options, const pass::Report& report, const Mask& mask) {
  if (options.dry_run) return mask.hide(pass::table_of(report.statuses));
  std::string text;
  if (!options.commits.empty()) text += repair_text(report.counts);
  if (options.adopt) text += adoption_text(report.counts);
  return text;
}

/// The status of a pass together with what happened around it.
ExitStatus with_circumstances(ExitStatus status, bool state_was_damaged, std::optional<int> signal) {
  std::vector<ExitStatus> causes = {status};
  if (state_was_damaged) causes.push_back(ExitStatus::incomplete);
  if (signal) causes.push_back(*signal == SIGINT ? ExitStatus::interrupted : ExitStatus::terminated);
  return choose(causes);
}

ExitStatus run_pass(const Setting& setting, report::Console& console, const report::Log& log) {
  const config::Config& config = setting.config;
  const config::Options& options = setting.options;
  const http::StopSignal stop;
  state::PosixFileSystem files;
  auto opened = open_state(config, options, files, stop);
  if (const auto* refusal = std::get_if<state::LockRefusal>(&opened)) {
    if (refusal->status != ExitStatus::ok) throw Error(refusal->status, refusal->text);
    if (stop.received()) return with_circumstances(ExitStatus::ok, false, stop.received());
    log.info("another pass is at work; nothing to do");
    return ExitStatus::ok;
  }
  auto& [lock, file, loaded] = std::get<OpenState>(opened);
  if (loaded.damage) log.error(*loaded.damage);
  if (loaded.reset) log.warn(*loaded.reset);
  if (loaded.resharded) log.info(*loaded.resharded);
  http::CurlWire wire(wire_settings(config, stop));
  http::Engine engine(wire, engine_settings(config, wire.now()), [&] { return stop.requested(); });
  const auto save = [&state_file = file, &held = lock](SavedState& state, pass::SaveMoment moment) {
    if (held) held->require_in_place();
    const std::size_t bytes = state_file.save(state);
    constexpr std::size_t growth = std::size_t{256} << 10U;
    if (moment == pass::SaveMoment::before_posting) state_file.reserve(bytes + bytes / 2 + growth);
  };
  const auto began = wire.now();
  const auto watch = [&, &ledger = loaded.state.ledger](const pass::Counts& counts) {
    if (console.wants_progress()) console.draw_progress(pass::standing_of(counts, ledger, engine));
  };
  const auto report =
      pass::run(pass_settings(config, options), loaded.state, engine, save, log, local_now(), watch);
  console.erase_progress();
  log_summary(log, report, engine);
  const ExitStatus status = with_circumstances(report.status, loaded.damage.has_value(), stop.received());
  report::print(options.json ? pass::json_report(report, status, engine, wire.now() - began, setting.mask)
                             : result_text(options, report, setting.mask));
  if (options.dry_run) return status;
  send_heartbeat(config, wire, log, report, status);
  return status;
}

}  // namespace

ExitStatus make_pass(const Setting& setting) {
  const config::Config& config = setting.config;
  const report::Look look = report::look_of(report::stream_of(STDERR_FILENO), config::read_environment(),
                                            config.log, setting.options);
  report::Console console(look);
  const report::Log log(
      config.log, [&](std::string_view line) { console.write(line); }, look, setting.mask);
  for (const auto& hint : config.hints) log.info(hint);
  try {
    return run_pass(setting, console, log);
  } catch (const Error& error) {
    if (config.log.format != config::LogFormat::json) throw;
    log.error(error.what());
    return error.status();
  }
}

}  // namespace connector::action
