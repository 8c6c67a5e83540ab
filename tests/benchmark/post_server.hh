// The server that benchmarks post to: answers every request with Bitbucket's 204 after a given latency, and
// counts. It does as little as a server can, so that the client is what is measured.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/loopback.hh"
#include "support/test_certificates.hh"

namespace connector::benchmark {

struct PostServerSettings {
  std::chrono::milliseconds latency{0};                      ///< of each request, before its answer
  const support::Identity* identity = nullptr;               ///< nothing = plain HTTP
  std::function<void(std::string_view request)> on_request;  ///< from many threads at once; may be empty
};

/// Serves HTTP/1.1 with kept connections, each by a thread of its own, from construction to destruction.
class PostServer {
 public:
  /// Throws std::system_error or std::runtime_error when it cannot listen or has no use for the identity.
  explicit PostServer(PostServerSettings settings);
  PostServer(const PostServer&) = delete;
  PostServer& operator=(const PostServer&) = delete;
  ~PostServer();

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::size_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_; }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  };
  using Context = std::unique_ptr<SSL_CTX, FreeContext>;

  struct Connection {
    explicit Connection(int descriptor) : socket(descriptor) {}
    support::Descriptor socket;
    std::thread thread;
  };

  static Context context_for(const support::Identity* identity);
  void accept_all();
  void serve(int socket);

  PostServerSettings settings_;
  Context tls_;  // none for plain HTTP
  support::LoopbackListener listener_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<std::size_t> connections_{0};
  std::vector<std::unique_ptr<Connection>> accepted_;  // the acceptor's, until that has ended
  std::thread acceptor_;
};

}  // namespace connector::benchmark
