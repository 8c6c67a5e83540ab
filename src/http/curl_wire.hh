// The wire of the program: attempts over libcurl's multi interface, with its connections kept for the whole
// pass.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/curl_handles.hh"
#include "http/peer_settings.hh"
#include "http/transfer.hh"
#include "http/wire.hh"

namespace connector::http {

struct CurlWireSettings {
  std::array<PeerSettings, peer_count> peers;  ///< by PeerId
  std::string user_agent;                      ///< "buildkite-bitbucket-connector/1.2.3"
  TransferLimits limits;
  int wake_descriptor = -1;  ///< ends a wait when it becomes readable; -1 = none
};

/// Every attempt that is started is inside libcurl at once: whoever starts them limits their number.
class CurlWire final : public Wire {
 public:
  /// Throws Error (config) for a peer that is not safe to talk to (see checked_address).
  explicit CurlWire(CurlWireSettings settings);
  ~CurlWire() override;

  [[nodiscard]] Steady now() const override;
  void start(Ticket ticket, const Request& request) override;
  std::vector<Arrival> wait(Steady until) override;
  void abort(Ticket ticket) override;

 private:
  using OwnedTransfer = std::unique_ptr<Transfer>;

  void poll(Steady until);
  std::vector<Arrival> collect();
  OwnedTransfer idle_transfer(PeerId peer);
  void keep(OwnedTransfer transfer);

  CurlGlobal global_;
  CurlWireSettings settings_;
  std::array<std::optional<PreparedPeer>, peer_count> peers_;
  Share share_;
  Multi multi_;
  std::array<std::vector<OwnedTransfer>, peer_count> idle_;
  std::map<Ticket, OwnedTransfer> active_;
  bool woken_ = false;
};

}  // namespace connector::http
