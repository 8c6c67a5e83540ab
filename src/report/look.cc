#include "report/look.hh"

#include <sys/stat.h>
#include <unistd.h>

namespace connector::report {
namespace {

bool is_set(const config::Environment& environment, std::string_view name) {
  return !config::variable(environment, name).empty();
}

/// Whether a terminal of this kind knows escape sequences.
bool takes_escapes(const config::Environment& environment) {
  const std::string kind = config::variable(environment, "TERM");
  return !kind.empty() && kind != "dumb";
}

}  // namespace

Stream stream_of(int descriptor) {
  Stream stream;
  stream.is_terminal = ::isatty(descriptor) == 1;
  struct stat facts {};
  if (::fstat(descriptor, &facts) == 0)
    stream.identity = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  return stream;
}

bool is_journal(const Stream& stream, const config::Environment& environment) {
  return !stream.identity.empty() && config::variable(environment, "JOURNAL_STREAM") == stream.identity;
}

Look look_of(const Stream& stream, const config::Environment& environment, const config::Log& log,
             const config::Options& options) {
  const bool for_people =
      stream.is_terminal && takes_escapes(environment) && log.format != config::LogFormat::json;
  const bool quiet = log.level == config::LogLevel::error;
  const bool in_a_job = is_set(environment, "CI") || is_set(environment, "BUILDKITE");
  Look look;
  look.colours = for_people && !options.no_color && !is_set(environment, "NO_COLOR");
  look.priorities = is_journal(stream, environment);
  look.progress = for_people && !quiet && !in_a_job;
  return look;
}

}  // namespace connector::report
