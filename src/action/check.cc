// --check: everything that a pass needs, looked at step by step.
#include <algorithm>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "action/actions.hh"
#include "action/assembly.hh"
#include "action/check_memory.hh"
#include "check/bitbucket_check.hh"
#include "check/buildkite_check.hh"
#include "check/local_check.hh"
#include "core/error.hh"
#include "http/stop_signal.hh"
#include "report/standard_output.hh"

namespace connector::action {
namespace {

check::Server server_of(http::PeerId peer, const http::CurlWireSettings& settings) {
  const http::PeerSettings& own = settings.peers[static_cast<std::size_t>(peer)];
  return {peer, http::checked_address(peer, own), !own.proxy.empty(), &local_now};
}

struct Servers {
  check::Server buildkite;
  check::Server bitbucket;
};

/// The servers as they are configured; nothing where a pass could not begin, which is a finding.
std::optional<Servers> look_at_configuration(const config::Config& config,
                                             const http::CurlWireSettings& settings,
                                             check::Findings& findings) {
  for (const auto& hint : config.hints) findings.warn("configuration", hint);
  try {
    Servers servers{server_of(http::PeerId::buildkite, settings),
                    server_of(http::PeerId::bitbucket, settings)};
    findings.ok("configuration", "complete; --print-config shows it");
    return servers;
  } catch (const Error& error) {
    findings.fail("configuration", error.what(), error.status());
  }
  return std::nullopt;
}

/// What passes have left; nothing where it cannot be used, which is a finding.
std::optional<SavedState> look_at_saved(const config::Config& config, const config::Options& options,
                                        check::Findings& findings) {
  const auto place = check::look_at_state_place(config.state_file, missing_state_directory(config));
  if (place.grade == check::Grade::failed) {
    findings.add(place);
    return std::nullopt;
  }
  try {
    auto loaded = look_at_state(config, options);
    findings.add(place);
    if (!loaded.damage) return std::move(loaded.state);
    findings.warn("state", *loaded.damage);
  } catch (const Error& error) {
    findings.fail("state", error.what(), error.status());
  }
  return std::nullopt;
}

std::optional<ExitStatus> what_cut(const http::Engine& engine, const http::StopSignal& stop) {
  if (const auto signal = stop.received())
    return *signal == SIGINT ? ExitStatus::interrupted : ExitStatus::terminated;
  return engine.accepting() ? std::nullopt : std::optional(ExitStatus::temp_fail);
}

void look_at_servers(const Setting& setting, const Servers& servers, std::optional<SavedState> saved,
                     check::Findings& findings) {
  const http::StopSignal stop;
  http::CurlWire wire(wire_settings(setting.config, stop));
  http::Engine engine(wire, engine_settings(setting.config, wire.now()), [&] { return stop.requested(); });
  const pass::Settings settings = pass_settings(setting.config, setting.options);
  RepositoryMap learned = saved ? saved->repositories : RepositoryMap{};
  const auto pipelines = check::look_at_buildkite(settings, servers.buildkite, engine, findings);
  check::BitbucketCheck bitbucket(settings, servers.bitbucket, learned, engine, findings);
  bitbucket.look(pipelines);
  if (saved) {
    const Timestamp now =
        engine.date(http::PeerId::buildkite).value_or(saved->last_run.value_or(local_now()));
    remember({bitbucket.login(), bitbucket.answering(), now}, *saved, settings, setting, stop, findings);
  }
  findings.tell_skipped(what_cut(engine, stop));
}

/// Whether those who watch over passes can be told safely. They are not told of this.
void look_at_watchers(const config::Config& config, check::Findings& findings) {
  for (const auto id : watchers_of(config)) {
    const std::string subject(http::name_of(id));
    try {
      http::checked_address(id, watcher_peer(id, config));
      findings.ok(subject, "is to be told of passes; it is not told of this check");
    } catch (const Error& error) {
      findings.warn(subject, error.what());
    }
  }
}

check::Finding without_secrets(check::Finding finding, const Mask& mask) {
  finding.text = mask.hide(finding.text);
  return finding;
}

}  // namespace

ExitStatus make_check(const Setting& setting) {
  check::Findings findings([&](const check::Finding& finding) {
    report::print(check::line_of(without_secrets(finding, setting.mask)));
  });
  const auto servers = look_at_configuration(setting.config, wire_settings(setting.config), findings);
  auto saved = look_at_saved(setting.config, setting.options, findings);
  const std::string& textfile = setting.config.metrics.textfile;
  if (!textfile.empty()) findings.add(check::look_at_textfile_place(textfile));
  look_at_watchers(setting.config, findings);
  if (setting.options.check == config::Check::offline) return findings.status();
  if (servers) {
    look_at_servers(setting, *servers, std::move(saved), findings);
  } else {
    findings.skip("Buildkite");
    findings.skip("Bitbucket");
    findings.tell_skipped(std::nullopt);
  }
  return findings.status();
}

ExitStatus refuse_check(const Error& error) {
  check::Findings findings([](const check::Finding& finding) { report::print(check::line_of(finding)); });
  std::string_view rest = error.what();
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with(' ')) {  // an excerpt of the file, which belongs to the line before
      report::print(line + "\n");
    } else {
      findings.fail("configuration", line, error.status());
    }
  }
  for (const auto* step : {"state", "Buildkite", "Bitbucket"}) findings.skip(step);
  findings.tell_skipped(std::nullopt);
  return findings.status();
}

}  // namespace connector::action
