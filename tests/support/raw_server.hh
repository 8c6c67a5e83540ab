// A peer that breaks HTTP: a socket on loopback whose script decides about every byte of a connection.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "support/loopback.hh"

namespace connector::support {

/// One accepted connection, for the time of its script. Everything ends early when the server stops.
class RawConnection {
 public:
  RawConnection(int socket, int stop) : socket_(socket), stop_(stop) {}

  /// Reads until the end of a request's header lines and, if it has one, of its body. Empty when the client
  /// left.
  std::string read_request();
  /// What arrives next, whatever it is. Empty when the client left.
  std::string receive();
  /// Sends everything; false when the client left.
  bool send(std::string_view bytes);
  /// Sends byte by byte with a pause before each.
  bool drip(std::string_view bytes, std::chrono::milliseconds pause);
  /// Says nothing until the client leaves.
  void stay_silent();
  /// Ends the connection with a reset instead of an orderly close.
  void reset();

 private:
  /// Waits for input; false when the server stops or nothing came in time.
  bool readable(std::chrono::milliseconds limit);

  Descriptor socket_;
  int stop_;
};

/// Serves one connection after the other in a thread of its own.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;

  explicit RawServer(Script script);
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer();

  [[nodiscard]] int port() const noexcept { return listener_.port(); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void serve();

  Script script_;
  LoopbackListener listener_;
  Descriptor stop_;  // readable once the server is to end
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace connector::support
