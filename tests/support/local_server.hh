// A well-behaved HTTP or HTTPS server on loopback, with room for more connections than any test opens.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

#include "support/test_certificates.hh"

namespace connector::support {

struct TlsSettings {
  const Identity* identity = nullptr;               ///< nothing = plain HTTP
  const TestAuthority* intermediate = nullptr;      ///< sent along with the identity
  const TestAuthority* client_authority = nullptr;  ///< demand a client certificate it issued
  int newest_version = 0;                           ///< such as TLS1_1_VERSION; 0 = no limit
};

/// Serves every path by one handler, on threads of its own, from construction to destruction.
class LocalServer {
 public:
  explicit LocalServer(httplib::Server::Handler handler, const TlsSettings& tls = {});
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;
  ~LocalServer();

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  bool secure_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace connector::support
