// The program: command line -> configuration -> action -> exit status. What belongs to the process as such
// (descriptors, argv, environment, core dumps) is met here.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "action/actions.hh"
#include "config/command_line.hh"
#include "config/environment.hh"
#include "config/load.hh"
#include "config/print.hh"
#include "config/secret_mask.hh"
#include "core/error.hh"
#include "report/complaint.hh"
#include "report/look.hh"
#include "report/standard_error.hh"
#include "report/standard_output.hh"
#include "version.hh"

namespace connector {
namespace {

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

ExitStatus act(const action::Setting& setting) {
  switch (setting.options.action) {
    case config::Action::check:
      return action::make_check(setting);
    case config::Action::explain:
      return action::make_explanation(setting);
    case config::Action::print_config:
      report::print(setting.mask.hide(config::print_config(setting.config)));
      return ExitStatus::ok;
    case config::Action::help:
    case config::Action::version:
    case config::Action::pass:
      break;
  }
  return action::make_pass(setting);
}

config::Config load_configuration(const config::Options& options, const config::Environment& environment) {
  try {
    config::Config config = config::load(options, environment);
    config::forget_secret_variables();
    return config;
  } catch (const config::InvalidConfig& invalid) {
    config::forget_secret_variables();
    const Mask mask = config::mask_of(invalid.rest(), environment);
    if (invalid.status() == ExitStatus::config)
      action::tell_of_wrong_configuration({invalid.rest(), options, mask});
    throw;
  }
}

/// Whatever ends an action tells no secret.
ExitStatus act_on(const config::Config& config, const config::Options& options,
                  const config::Environment& environment) {
  const Mask mask = config::mask_of(config, environment);
  try {
    return act({config, options, mask});
  } catch (const Error& error) {
    throw Error(error.status(), mask.hide(error.what()));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(mask.hide(error.what()));
  }
}

ExitStatus act_on_configuration(const config::Options& options) {
  const config::Environment environment = config::read_environment();
  std::optional<config::Config> config;
  try {
    config = load_configuration(options, environment);
  } catch (const Error& error) {
    if (options.action != config::Action::check) throw;
    return action::refuse_check(error);
  }
  return act_on(*config, options, environment);
}

ExitStatus carry_out(const config::Options& options) {
  switch (options.action) {
    case config::Action::help:
      report::print(config::help_text());
      return ExitStatus::ok;
    case config::Action::version:
      report::print(std::string("buildkite-bitbucket-connector ") + version + "\n");
      return ExitStatus::ok;
    case config::Action::print_config:
    case config::Action::check:
    case config::Action::explain:
    case config::Action::pass:
      break;
  }
  return act_on_configuration(options);
}

void complain(std::string_view message) {
  report::Look look;
  look.priorities = report::is_journal(report::stream_of(STDERR_FILENO), config::read_environment());
  report::StandardError().write(report::complaint(message, look));
}

/// What was asked for and is lost is no success, whatever the work was.
ExitStatus with_output(ExitStatus status) {
  const int failure = report::print_failure();
  if (failure == 0) return status;
  complain("cannot write to standard output: " + std::generic_category().message(failure));
  return choose(std::vector{status, ExitStatus::io_error});
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
  return static_cast<int>(connector::with_output(status));
}
