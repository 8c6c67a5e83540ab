#include "check/local_check.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "core/duration.hh"
#include "core/text.hh"

namespace connector::check {

void look_at_state_place(const std::string& path, Findings& findings) {
  const std::string subject = "state";
  if (path == "none") {
    findings.ok(subject, "none is kept; each pass looks back sync.initial_search_time");
    return;
  }
  const auto slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  struct stat facts {};
  if (::stat(directory.c_str(), &facts) != 0) {
    findings.warn(subject, "the directory " + printable(directory) +
                               " is not there yet; a pass makes it only where the place was not named");
  } else if (::access(directory.c_str(), W_OK) != 0) {
    findings.fail(subject,
                  "the directory " + printable(directory) + " cannot be written by user " +
                      std::to_string(::geteuid()) +
                      "; give it to the connector's user, or name another file with --state",
                  ExitStatus::cant_create);
  } else if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (facts.st_mode & S_ISVTX) == 0) {
    findings.warn(subject, "others may write to the directory " + printable(directory) + "; chmod go-w it");
  } else {
    findings.ok(subject, printable(path));
  }
}

void look_at_clocks(const http::Engine& engine, Timestamp local_now, Findings& findings) {
  constexpr std::chrono::minutes allowed{5};
  for (const auto peer : {http::PeerId::buildkite, http::PeerId::bitbucket}) {
    const auto date = engine.date(peer);
    if (!date) continue;
    const auto difference = local_now > *date ? local_now - *date : *date - local_now;
    const std::string subject = "clock";
    if (difference > allowed) {
      findings.warn(subject, "this machine and " + std::string(name_of(peer)) + " differ by " +
                                 duration_in_words(difference) +
                                 "; certificates are checked by the local clock");
    } else {
      findings.ok(subject, "agrees with " + std::string(name_of(peer)) + "'s");
    }
  }
}

}  // namespace connector::check
