// What --check says about the way to a server: its name, the connection, the certificate, the clocks.
#pragma once

#include <string>

#include "check/finding.hh"
#include "core/text/timestamp.hh"
#include "http/engine.hh"
#include "http/peer_settings.hh"

namespace connector::check {

struct Server {
  http::PeerId peer = http::PeerId::buildkite;
  http::PeerAddress address;
  bool proxied = false;  ///< by a setting
  Timestamp (*local_now)() = nullptr;

  /// "Bitbucket DNS", for the subject of a finding.
  [[nodiscard]] std::string step(const std::string& what) const {
    return std::string(name_of(peer)) + " " + what;
  }
};

/// Looks at what became of the first request to a server. False when there is no way through, or nothing was
/// sent, which is a finding. What an answer says is for others to judge.
bool look_at_way(const Server& server, const http::Outcome& first, const http::Engine& engine,
                 Findings& findings);

}  // namespace connector::check
