// One pass: its messages, its result, and what it leaves behind.
#include "pass/pass.hh"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "action/actions.hh"
#include "action/assembly.hh"
#include "action/watchers.hh"
#include "config/environment.hh"
#include "core/error.hh"
#include "http/stop_signal.hh"
#include "pass/figures.hh"
#include "pass/json_report.hh"
#include "pass/planned_table.hh"
#include "pass/standing.hh"
#include "report/console.hh"
#include "report/log.hh"
#include "report/look.hh"
#include "report/standard_output.hh"

namespace connector::action {
namespace {

/// Standard error, and the messages that go there.
struct Messages {
  explicit Messages(const Setting& setting)
      : look(report::look_of(report::stream_of(STDERR_FILENO), config::read_environment(), setting.config.log,
                             setting.options)),
        console(look),
        log(
            setting.config.log, [this](std::string_view line) { console.write(line); }, look, setting.mask) {}

  report::Look look;
  report::Console console;
  report::Log log;
};

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
  if (counts.refused > 0) text += std::to_string(counts.refused) + " requests were refused; -v says why\n";
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

/// Hides what servers said that had been told our credentials. A warning whose name changes by that is
/// printed again. The words of builds stay, as they are to be posted.
void hide_secrets(SavedState& state, const Mask& mask) {
  for (DeadLetter& letter : state.dead_letters) letter.reason = mask.hide(letter.reason);
  std::map<std::string, Timestamp> warned;
  for (const auto& [name, time] : state.warned) warned[mask.hide(name)] = time;
  state.warned = std::move(warned);
}

/// Somebody else holds the lock: nothing to do for this pass, or a reason that ends it.
ExitStatus give_way(const state::LockRefusal& refusal, const http::StopSignal& stop, const report::Log& log,
                    Watchers& watchers) {
  const bool of_our_identity = refusal.status == ExitStatus::ok || refusal.status == ExitStatus::temp_fail;
  if (of_our_identity) watchers.dismiss();
  if (refusal.status != ExitStatus::ok) throw Error(refusal.status, refusal.text);
  if (stop.received()) return with_circumstances(ExitStatus::ok, false, stop.received());
  log.info("another pass is at work; nothing to do");
  return ExitStatus::ok;
}

/// The work of a pass and its report, also to those who watch over passes.
ExitStatus work(const Setting& setting, OpenState& opened, const http::StopSignal& stop, Messages& messages,
                Watchers& watchers) {
  auto& [lock, file, loaded] = opened;
  auto& [look, console, log] = messages;
  http::CurlWireSettings servers = wire_settings(setting.config, stop);
  watchers.join(servers);
  http::CurlWire wire(std::move(servers));
  http::Engine engine(wire, engine_settings(setting.config, wire.now()), [&] { return stop.requested(); });
  watchers.tell_of_start(engine);
  const auto save = [&state_file = file, &held = lock, &mask = setting.mask](SavedState& state,
                                                                             pass::SaveMoment moment) {
    if (held) held->require_in_place();
    hide_secrets(state, mask);
    const std::size_t bytes = state_file.save(state);
    constexpr std::size_t growth = std::size_t{256} << 10U;
    if (moment == pass::SaveMoment::before_posting) state_file.reserve(bytes + bytes / 2 + growth);
  };
  const auto began = wire.now();
  const auto watch = [&, &ledger = loaded.state.ledger, &drawn = console](const pass::Counts& counts) {
    if (drawn.wants_progress()) drawn.draw_progress(pass::standing_of(counts, ledger, engine));
  };
  const auto report = pass::run(pass_settings(setting.config, setting.options), loaded.state, engine, save,
                                log, local_now(), watch);
  console.erase_progress();
  log_summary(log, report, engine);
  const ExitStatus status =
      watchers.note(with_circumstances(report.status, loaded.damage.has_value(), stop.received()),
                    pass::figures_of(report, loaded.state, engine), "");
  report::print(setting.options.json
                    ? pass::json_report(report, status, engine, wire.now() - began, setting.mask)
                    : result_text(setting.options, report, setting.mask));
  return status;
}

ExitStatus run_pass(const Setting& setting, Messages& messages, Watchers& watchers) {
  const http::StopSignal stop;
  state::PosixFileSystem files;
  const auto tell_wait = [&](const std::string& holder) {
    const std::string text = "waits for another pass, " + holder;
    if (messages.console.is_watched()) return messages.console.write(text + "\n");
    messages.log.info(text);
  };
  auto opened = open_state(setting.config, setting.options, files, stop, tell_wait);
  if (const auto* refusal = std::get_if<state::LockRefusal>(&opened))
    return give_way(*refusal, stop, messages.log, watchers);
  auto& state = std::get<OpenState>(opened);
  if (state.loaded.damage) messages.log.error(*state.loaded.damage);
  if (state.loaded.reset) messages.log.warn(*state.loaded.reset);
  if (state.loaded.resharded) messages.log.info(*state.loaded.resharded);
  const ExitStatus status = work(setting, state, stop, messages, watchers);
  watchers.tell([&] { return stop.requested(); });
  return status;
}

}  // namespace

ExitStatus make_pass(const Setting& setting) {
  Messages messages(setting);
  for (const auto& hint : setting.config.hints) messages.log.info(hint);
  Watchers watchers(setting, messages.log);
  try {
    return run_pass(setting, messages, watchers);
  } catch (const Error& error) {
    const ExitStatus status = watchers.tell_of_failure(error.status(), error.what());
    if (setting.config.log.format != config::LogFormat::json) throw Error(status, error.what());
    messages.log.error(error.what());
    return status;
  } catch (const std::exception&) {  // what it says may quote anything
    watchers.tell_of_failure(ExitStatus::software, "");
    throw;
  }
}

void tell_of_wrong_configuration(const Setting& setting) {
  const Messages messages(setting);
  Watchers(setting, messages.log).tell_of_failure(ExitStatus::config, "the configuration is wrong");
}

}  // namespace connector::action
