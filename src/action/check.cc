// --check: everything that a pass needs, looked at step by step.
#include <utility>
#include <variant>

#include "action/actions.hh"
#include "action/assembly.hh"
#include "check/bitbucket_check.hh"
#include "check/buildkite_check.hh"
#include "check/local_check.hh"
#include "core/error.hh"
#include "http/stop_signal.hh"
#include "report/standard_output.hh"

namespace connector::action {
namespace {

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

check::Finding without_secrets(check::Finding finding, const Mask& mask) {
  finding.text = mask.hide(finding.text);
  return finding;
}

}  // namespace

ExitStatus make_check(const Setting& setting) {
  const config::Config& config = setting.config;
  const config::Options& options = setting.options;
  check::Findings findings([&](const check::Finding& finding) {
    report::print(check::line_of(without_secrets(finding, setting.mask)));
  });
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

}  // namespace connector::action
