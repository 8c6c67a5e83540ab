// A fake peer's handler behind real HTTP on loopback, for tests of the program as a whole and for the demo.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "support/fake_message.hh"

namespace connector::support {

struct HttpFrontSettings {
  std::chrono::milliseconds latency{0};  ///< before each answer
  std::size_t connections = 64;          ///< served at once; further ones wait
};

/// Serves from construction to destruction on a free port of 127.0.0.1.
///
/// A lost answer (Delivered::nothing) is as lost as well-formed HTTP allows: a status line that announces a
/// body, then the end of the connection. Clients must not take that for an answer.
class HttpFront {
 public:
  /// `models` is held whenever the handler runs; who looks at what is behind the handler while requests may
  /// arrive takes it too. Throws std::runtime_error when no port can be had.
  HttpFront(Handler handler, std::mutex& models, HttpFrontSettings settings = {});
  HttpFront(const HttpFront&) = delete;
  HttpFront& operator=(const HttpFront&) = delete;
  ~HttpFront();

  [[nodiscard]] int port() const noexcept;
  /// "http://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const;
  /// Connections accepted since the start.
  [[nodiscard]] std::size_t connections() const;
  /// The most connections that were open at once.
  [[nodiscard]] std::size_t most_at_once() const;
  /// Waits until every connection made before has ended and what came on them has been handled. To be called
  /// when no client is left; makes a connection itself.
  void wait_until_idle();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace connector::support
