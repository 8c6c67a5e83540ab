#include "action/check_memory.hh"

#include <algorithm>
#include <string>
#include <variant>

#include "action/assembly.hh"
#include "core/build/status_names.hh"
#include "core/error.hh"
#include "core/ledger/parking.hh"
#include "core/peer/login_refusal.hh"
#include "pass/bitbucket_session.hh"

namespace connector::action {
namespace {

bool has_news(const CheckResult& result, const SavedState& seen) {
  const bool mended = std::any_of(result.answering.begin(), result.answering.end(),
                                  [&](const Repository& name) { return seen.parked.contains(name); });
  return mended || result.login == check::Login::refused ||
         (result.login == check::Login::taken && seen.login_refusal);
}

std::string refusal_text(const LoginRefusal& refusal) {
  return "noted for passes, refusal " + std::to_string(refusal.refusals) +
         " of this login (five lock the account); " + pass::retry_text(refusal) +
         ". What was changed is tried at once";
}

void change(SavedState& state, const CheckResult& result, const pass::Settings& settings,
            check::Findings& findings) {
  if (result.login == check::Login::refused) {
    state.login_refusal =
        refuse_login(state.login_refusal, settings.login.reveal(), settings.salt, result.now);
    findings.warn("Bitbucket login", refusal_text(*state.login_refusal));
  } else if (result.login == check::Login::taken && state.login_refusal) {
    state.login_refusal.reset();
    findings.ok("Bitbucket login", "was refused before; passes try it again from now on");
  }
  for (const Repository& name : result.answering) {
    if (!unpark(state.parked, state.ledger, name)) continue;
    findings.ok("repository " + name_of(name),
                "took no statuses before and answers now; the next pass posts what waits for it");
  }
}

}  // namespace

void remember(const CheckResult& result, const SavedState& seen, const pass::Settings& settings,
              const Setting& setting, const http::StopSignal& stop, check::Findings& findings) {
  const bool keeps_state = setting.config.state_file != "none" && !setting.options.dry_run;
  if (!keeps_state || !has_news(result, seen)) return;
  const std::string not_noted = "what --check found out is not noted for passes: ";
  try {
    state::PosixFileSystem files;
    const auto wait = [&](const std::string& holder) {
      findings.ok("state", "waits for another pass, " + holder);
    };
    auto opened = open_state(setting.config, setting.options, files, stop, wait);
    if (const auto* refusal = std::get_if<state::LockRefusal>(&opened)) {
      if (stop.requested()) return findings.skip("whether another pass is at work, to note this for passes");
      const bool young = refusal->status == ExitStatus::ok;
      findings.fail("state",
                    not_noted + (young ? "another pass is at work; start --check again" : refusal->text),
                    young ? ExitStatus::temp_fail : refusal->status);
      return;
    }
    auto& [lock, file, loaded] = std::get<OpenState>(opened);
    change(loaded.state, result, settings, findings);
    if (lock) lock->require_in_place();
    file.save(loaded.state);
  } catch (const Error& error) {
    findings.fail("state", not_noted + error.what(), error.status());
  }
}

}  // namespace connector::action
