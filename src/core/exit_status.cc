#include "core/exit_status.hh"

#include <algorithm>
#include <array>

namespace connector {

std::string_view name_of(ExitStatus status) {
  switch (status) {
    case ExitStatus::ok:
      return "ok";
    case ExitStatus::incomplete:
      return "incomplete";
    case ExitStatus::usage:
      return "usage";
    case ExitStatus::data:
      return "data";
    case ExitStatus::unavailable:
      return "unavailable";
    case ExitStatus::software:
      return "software";
    case ExitStatus::cant_create:
      return "cantcreat";
    case ExitStatus::io_error:
      return "ioerr";
    case ExitStatus::temp_fail:
      return "tempfail";
    case ExitStatus::protocol:
      return "protocol";
    case ExitStatus::no_permission:
      return "noperm";
    case ExitStatus::config:
      return "config";
    case ExitStatus::interrupted:
      return "INT";
    case ExitStatus::terminated:
      return "TERM";
  }
  return "unknown";
}

ExitStatus choose(std::span<const ExitStatus> causes) {
  // The cause that a person has to mend comes before the one that mends itself.
  constexpr std::array order = {
      ExitStatus::software,      ExitStatus::usage,       ExitStatus::config,      ExitStatus::data,
      ExitStatus::no_permission, ExitStatus::io_error,    ExitStatus::cant_create, ExitStatus::protocol,
      ExitStatus::terminated,    ExitStatus::interrupted, ExitStatus::unavailable, ExitStatus::temp_fail,
      ExitStatus::incomplete,
  };
  for (const ExitStatus status : order) {
    if (std::find(causes.begin(), causes.end(), status) != causes.end()) return status;
  }
  return ExitStatus::ok;
}

}  // namespace connector
