// --explain: what the state holds and both servers say of one commit.
#include "action/actions.hh"
#include "action/assembly.hh"
#include "check/explanation.hh"
#include "core/text/text.hh"
#include "http/stop_signal.hh"
#include "report/standard_output.hh"

namespace connector::action {

ExitStatus make_explanation(const Setting& setting) {
  const auto& [config, options, mask] = setting;
  const http::StopSignal stop;
  const auto loaded = look_at_state(config, options);
  if (loaded.damage) report::print(mask.hide(*loaded.damage) + "\n");
  http::CurlWire wire(wire_settings(config, stop));
  http::Engine engine(wire, engine_settings(config, wire.now()), [&] { return stop.requested(); });
  const pass::Settings settings = pass_settings(config, options);
  constexpr std::size_t longest = 1000;
  const auto tell = [&hiding = mask](const std::string& line) {
    report::print(printable(hiding.hide(line), longest) + "\n");
  };
  check::Explanation explanation(settings, loaded.state, engine, tell);
  return explanation.explain(options.explained);
}

}  // namespace connector::action
