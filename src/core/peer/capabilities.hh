// What a Bitbucket server can do, as far as it decides what is sent to it.
#pragma once

#include "core/text/timestamp.hh"

namespace connector {

/// Bitbucket REST: build/capabilities, and where that is missing the version of application-properties.
struct Capabilities {
  bool repository_builds = false;  ///< the repository-scoped endpoint (since 7.4)
  bool reading_by_key = false;     ///< and its GET by key (since 7.14)
  bool cancelled_state = false;    ///< CANCELLED and UNKNOWN are known (since 8.0)
  /// Found out by trying: its database takes no characters outside the basic plane.
  bool basic_plane_only = false;
  Timestamp learned{};  ///< Buildkite's clock; asked again after a day
  bool operator==(const Capabilities&) const = default;
};

}  // namespace connector
