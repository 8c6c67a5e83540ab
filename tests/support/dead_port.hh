// An address that swallows whatever is sent there: the kernel drops every new connection, as a firewall or a
// dead machine would, so that only a client's own patience ends its wait.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <optional>
#include <vector>

#include "support/raw_server.hh"

namespace connector::support {

enum class Loopback { v4, v6 };

class DeadPort {
 public:
  /// On this port, or on any free one for 0. Nothing when the address does not exist on this machine or the
  /// port is taken.
  static std::optional<DeadPort> open(Loopback family, int port = 0);

  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  DeadPort() = default;

  // The listener accepts nobody, and the others fill its queue.
  std::vector<std::unique_ptr<Descriptor>> sockets_;
  int port_ = 0;
};

}  // namespace connector::support
