// HTTP/2 over TLS in front of a plain server on loopback: nghttpx, as it stands before Bitbucket servers too.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/process.hh"
#include "support/temp_dir.hh"
#include "support/test_certificates.hh"

namespace connector::support {

class H2Front {
 public:
  /// Where nghttpx is installed; empty when it is not.
  static std::string program();

  /// Passes every request on to `backend_port` of 127.0.0.1. Throws std::runtime_error when it does not
  /// start.
  H2Front(const Identity& identity, int backend_port);

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

  struct Answered {
    std::string protocol;  ///< as agreed by ALPN: "h2" or "http/1.1"
    std::string client_port;
  };
  /// Ends the front and returns what it answered, in that order.
  std::vector<Answered> stop();

 private:
  TempDir directory_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace connector::support
