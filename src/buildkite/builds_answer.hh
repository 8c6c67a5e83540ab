// What Buildkite answered to a request for builds.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "core/build/build.hh"
#include "core/exit_status.hh"
#include "http/request.hh"

namespace connector::buildkite {

struct BuildsPage {
  std::vector<Build> builds;            ///< in the order of the answer
  std::vector<std::string> unreadable;  ///< one line for each record left out: which and why
  bool server_says_more = false;        ///< its Link header names a next page

  /// How many records the answer had.
  [[nodiscard]] std::size_t records() const noexcept { return builds.size() + unreadable.size(); }
};

/// Why there is no page, and what that means for the pass: no_permission, config (no such organization),
/// protocol (something else answers there) or temp_fail.
struct NoPage {
  ExitStatus cause = ExitStatus::temp_fail;
  bool told_to_wait = false;  ///< no fault: the quota is used up, or deadline or stop kept it from being sent
  std::string text;
  bool not_found = false;  ///< Buildkite answered that what was asked for is not there
};

using BuildsAnswer = std::variant<BuildsPage, NoPage>;

/// Why an outcome that is no success brings no page.
NoPage no_page(const http::Outcome& outcome);

/// Reads the outcome of a builds_request.
BuildsAnswer read_builds(http::Outcome outcome);

/// Reads the outcome of a build_request: a page with that one build.
BuildsAnswer read_build(http::Outcome outcome);

/// Decodes one build, else as decode_builds.
BuildsAnswer decode_build(std::string body);

/// Decodes a page of builds. A record without id, number, state, time of creation or pipeline is left out
/// with a reason; bytes that are not UTF-8 are replaced. Anything but a JSON array of objects is NoPage with
/// cause protocol.
BuildsAnswer decode_builds(std::string body);

}  // namespace connector::buildkite
