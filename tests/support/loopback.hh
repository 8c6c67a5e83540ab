// Sockets of servers on loopback, and where in their bytes a request ends.
#pragma once

#include <cstddef>
#include <string_view>

namespace connector::support {

/// An open descriptor, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int get() const noexcept { return number_; }
  void close() noexcept;

 private:
  int number_;
};

/// Listens on a free port of 127.0.0.1. Throws std::system_error.
class LoopbackListener {
 public:
  LoopbackListener();
  [[nodiscard]] int get() const noexcept { return socket_.get(); }
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  Descriptor socket_;
  int port_;
};

/// Connects to a port of 127.0.0.1, sends nothing and waits until the server has ended the connection. By
/// then it has accepted every connection that was made before. Throws std::system_error.
void pass_through_queue(int port);

/// The length of the request at the front of these bytes, with the body that its Content-Length announces;
/// 0 while the request is incomplete.
std::size_t request_length(std::string_view bytes);

}  // namespace connector::support
