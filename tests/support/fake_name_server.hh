// A name server on 127.0.0.1, port 53, for tests in a network of their own. Knows one address or one excuse
// for every name.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "support/raw_server.hh"

namespace connector::support {

enum class NameAnswer { loopback, no_such_name, server_failure, silence };

class FakeNameServer {
 public:
  /// Throws std::system_error where port 53 cannot be had.
  FakeNameServer();
  FakeNameServer(const FakeNameServer&) = delete;
  FakeNameServer& operator=(const FakeNameServer&) = delete;
  ~FakeNameServer();

  /// From now on. Every name has the address 127.0.0.1 in the beginning.
  void answer(NameAnswer how) { how_ = how; }

 private:
  void serve();

  std::atomic<NameAnswer> how_{NameAnswer::loopback};
  Descriptor socket_;
  Descriptor stop_;  // readable once the server is to end
  std::thread thread_;
};

}  // namespace connector::support
