// The server of the benchmarks: sends answers that are ready, after a given latency, and counts. It does as
// little as a server can, so that the client is what is measured.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/loopback.hh"
#include "support/test_certificates.hh"

namespace connector::benchmark {

/// What Bitbucket Data Center answers to a status, with the headers that it sends along; a client reads them
/// all.
extern const std::string_view no_content;

/// A whole request -> the whole answer, which must outlive its sending. Called from many threads at once.
using Answer = std::function<std::string_view(std::string_view request)>;

struct LeanServerSettings {
  std::chrono::milliseconds latency{0};         ///< of each request, before its answer
  const support::Identity* identity = nullptr;  ///< nothing = plain HTTP
  Answer answer = [](std::string_view) { return no_content; };
};

/// Serves HTTP/1.1 with kept connections, each by a thread of its own, from construction to destruction.
class LeanServer {
 public:
  /// Throws std::system_error or std::runtime_error when it cannot listen or has no use for the identity.
  explicit LeanServer(LeanServerSettings settings);
  LeanServer(const LeanServer&) = delete;
  LeanServer& operator=(const LeanServer&) = delete;
  ~LeanServer();

  [[nodiscard]] std::string url() const;
  /// Of requests that come from now on.
  void set_latency(std::chrono::milliseconds latency) noexcept { latency_ = latency; }

  /// Begins to count anew. No client may be connected or on its way.
  void forget();
  [[nodiscard]] std::size_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_; }
  /// When the first bytes of the first request came; the clock's beginning when none did.
  [[nodiscard]] std::chrono::steady_clock::time_point first_byte() const noexcept;

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
  void note_arrival();

  Answer answer_;
  std::atomic<std::chrono::milliseconds> latency_;
  Context tls_;  // none for plain HTTP
  support::LoopbackListener listener_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::chrono::steady_clock::rep> first_byte_{0};
  std::mutex accepted_mutex_;
  std::vector<std::unique_ptr<Connection>> accepted_;
  std::thread acceptor_;
};

}  // namespace connector::benchmark
