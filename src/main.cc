// The program: command line -> configuration -> lock -> state -> one pass -> exit status. Everything that
// belongs to the process (clock, signals, descriptors, argv, environment) is met here and handed on as
// values.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "assembly.hh"
#include "check/bitbucket_check.hh"
#include "check/buildkite_check.hh"
#include "check/explanation.hh"
#include "check/local_check.hh"
#include "config/command_line.hh"
#include "config/load.hh"
#include "config/print.hh"
#include "core/error.hh"
#include "core/text.hh"
#include "http/stop_signal.hh"
#include "pass/json_report.hh"
#include "pass/pass.hh"
#include "pass/planned_table.hh"
#include "pass/standing.hh"
#include "report/complaint.hh"
#include "report/console.hh"
#include "report/heartbeat.hh"
#include "report/log.hh"
#include "report/look.hh"
#include "report/standard_error.hh"
#include "report/standard_output.hh"
#include "state/pass_lock.hh"
#include "state/state_file.hh"
#include "version.hh"

namespace connector {
namespace {

using report::print;

/// A descriptor that is closed at the start would be given to the next file opened, and messages would go
/// into it.
void occupy_standard_descriptors() {
  int opened = 0;
  do {
    opened = ::open("/dev/null", O_RDWR);
  } while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened > STDERR_FILENO) ::close(opened);
}

/// No core dump and no debugger shall see the credentials; no file this process creates is for others.
void keep_to_ourselves() {
  ::prctl(PR_SET_DUMPABLE, 0);
  ::umask(S_IRWXG | S_IRWXO);
  // A file size limit and a reader that has gone are errors of write(2), not deaths.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

void log_summary(const report::Log& log, const pass::Report& report, const http::Engine& engine) {
  const auto number = [](std::uint64_t count) { return std::to_string(count); };
  log.info("pass ended", {{"status", std::string(name_of(report.status))},
                          {"builds", number(report.counts.builds)},
                          {"filtered_out", number(report.counts.filtered_out)},
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
std::string result_text(const config::Options& options, const pass::Report& report) {
  if (options.dry_run) return pass::table_of(report.statuses);
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

/// Best effort: a watchdog that cannot be told is a warning and no reason for another exit status.
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

ExitStatus make_explanation(const config::Config& config, const config::Options& options) {
  const http::StopSignal stop;
  const auto loaded = look_at_state(config, options);
  if (loaded.damage) print(*loaded.damage + "\n");
  http::CurlWire wire(wire_settings(config, stop));
  http::Engine engine(wire, engine_settings(config, wire.now()), [&] { return stop.requested(); });
  const pass::Settings settings = pass_settings(config, options);
  constexpr std::size_t longest = 1000;
  check::Explanation explanation(settings, loaded.state, engine,
                                 [&](const std::string& line) { print(printable(line, longest) + "\n"); });
  return explanation.explain(options.explained);
}

/// Waits for a pass that is at work, which would else save the refusal again.
void forget_login_refusal(const config::Config& config, const config::Options& options,
                          const http::StopSignal& stop) {
  state::PosixFileSystem files;
  auto opened = open_state(config, options, files, stop);
  if (const auto* refusal = std::get_if<state::LockRefusal>(&opened)) {
    throw Error(refusal->status == ExitStatus::ok ? ExitStatus::temp_fail : refusal->status,
                "the refused login is not forgotten, since another pass is at work; start --check again. " +
                    refusal->text);
  }
  auto& [lock, file, loaded] = std::get<OpenState>(opened);
  loaded.state.login_refusal.reset();
  file.save(loaded.state);
}

/// Looks at everything that a pass needs, and forgets a refused login that is taken now.
ExitStatus make_check(const config::Config& config, const config::Options& options) {
  check::Findings findings([](const check::Finding& finding) { print(check::line_of(finding)); });
  for (const auto& hint : config.hints) findings.warn("configuration", hint);
  findings.ok("configuration", "complete; --print-config shows it");
  const http::StopSignal stop;
  auto loaded = look_at_state(config, options);
  if (loaded.damage) findings.warn("state", *loaded.damage);
  check::look_at_state_place(config.state_file, findings);
  if (options.check == config::Check::offline) return findings.status();

  http::CurlWire wire(wire_settings(config, stop));
  http::Engine engine(wire, engine_settings(config, wire.now()), [&] { return stop.requested(); });
  const pass::Settings settings = pass_settings(config, options);
  const auto pipelines = check::look_at_buildkite(settings, engine, findings);
  check::BitbucketCheck bitbucket(settings, loaded.state.repositories, engine, findings);
  bitbucket.look(pipelines);
  check::look_at_clocks(engine, local_now(), findings);
  if (bitbucket.login_works() && loaded.state.login_refusal) {
    forget_login_refusal(config, options, stop);
    findings.ok("Bitbucket login", "was refused before; passes try it again from now on");
  }
  return findings.status();
}

ExitStatus make_pass(const config::Config& config, const config::Options& options, report::Console& console,
                     const report::Log& log) {
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
  print(options.json ? pass::json_report(report, status, engine, wire.now() - began)
                     : result_text(options, report));
  if (options.dry_run) return status;
  send_heartbeat(config, wire, log, report, status);
  return status;
}

/// A pass with its messages. Where every line is to be JSON, so is the reason that ends it.
ExitStatus log_pass(const config::Config& config, const config::Options& options) {
  const report::Look look =
      report::look_of(report::stream_of(STDERR_FILENO), config::read_environment(), config.log, options);
  report::Console console(look);
  const report::Log log(
      config.log, [&](std::string_view line) { console.write(line); }, look);
  for (const auto& hint : config.hints) log.info(hint);
  try {
    return make_pass(config, options, console, log);
  } catch (const Error& error) {
    if (config.log.format != config::LogFormat::json) throw;
    log.error(error.what());
    return error.status();
  }
}

ExitStatus carry_out(const config::Options& options) {
  switch (options.action) {
    case config::Action::help:
      print(config::help_text());
      return ExitStatus::ok;
    case config::Action::version:
      print(std::string("buildkite-bitbucket-connector ") + version + "\n");
      return ExitStatus::ok;
    case config::Action::print_config:
    case config::Action::check:
    case config::Action::explain:
    case config::Action::pass:
      break;
  }
  const config::Config config = config::load(options, config::read_environment());
  config::forget_secret_variables();
  if (options.action == config::Action::print_config) {
    print(config::print_config(config));
    return ExitStatus::ok;
  }
  if (options.action == config::Action::check) return make_check(config, options);
  if (options.action == config::Action::explain) return make_explanation(config, options);
  return log_pass(config, options);
}

void complain(std::string_view message) {
  report::Look look;
  look.priorities = report::is_journal(report::stream_of(STDERR_FILENO), config::read_environment());
  report::StandardError().write(report::complaint(message, look));
}

}  // namespace
}  // namespace connector

int main(int argc, char** argv) {
  using connector::ExitStatus;
  ExitStatus status = ExitStatus::software;
  try {
    connector::occupy_standard_descriptors();
    connector::keep_to_ourselves();
    status = connector::carry_out(
        connector::config::parse_command_line(std::span<char* const>(argv, static_cast<std::size_t>(argc))));
  } catch (const connector::Error& error) {
    connector::complain(error.what());
    status = error.status();
  } catch (const std::bad_alloc&) {
    connector::complain("there is not enough memory; allow the process more (ulimit -v, MemoryMax=)");
  } catch (const std::exception& error) {
    connector::complain(std::string("this is a bug, please report it: ") + error.what());
  }
  return static_cast<int>(status);
}
