#include "benchmark/lean_server.hh"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace connector::benchmark {

const std::string_view no_content =
    "HTTP/1.1 204 No Content\r\n"
    "X-AREQUESTID: @1ABCDEFx720x1000x0\r\n"
    "X-ASESSIONID: 1abcdef\r\n"
    "X-AUSERID: 42\r\n"
    "X-AUSERNAME: buildkite-bot\r\n"
    "Cache-Control: private, no-cache, no-transform\r\n"
    "Vary: X-AUSERNAME,X-AUSERID,Cookie,Accept-Encoding\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Date: Thu, 15 Jan 2026 12:00:00 GMT\r\n"
    "\r\n";

namespace {

/// The bytes of one accepted connection, plain or through TLS. Blocks; every failure is the end.
class Stream {
 public:
  Stream(int socket, SSL_CTX* tls) : socket_(socket), tls_(tls == nullptr ? nullptr : SSL_new(tls)) {
    const int at_once = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (tls_) SSL_set_fd(tls_.get(), socket_);
  }

  bool open() { return !tls_ || SSL_accept(tls_.get()) == 1; }

  /// What arrives next; empty at the end.
  std::string_view receive() {
    const ssize_t count = tls_ ? SSL_read(tls_.get(), buffer_.data(), static_cast<int>(buffer_.size()))
                               : recv(socket_, buffer_.data(), buffer_.size(), 0);
    return {buffer_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  bool send(std::string_view bytes) {
    const ssize_t count = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count == static_cast<ssize_t>(bytes.size());
  }

 private:
  struct Free {
    void operator()(SSL* tls) const noexcept { SSL_free(tls); }
  };

  int socket_;
  std::unique_ptr<SSL, Free> tls_;
  std::array<char, 16384> buffer_{};
};

}  // namespace

LeanServer::LeanServer(LeanServerSettings settings)
    : answer_(std::move(settings.answer)),
      latency_(settings.latency),
      tls_(context_for(settings.identity)),
      acceptor_([this] { accept_all(); }) {}

LeanServer::~LeanServer() {
  shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (const auto& connection : accepted_) shutdown(connection->socket.get(), SHUT_RDWR);
  forget();
}

void LeanServer::forget() {
  const std::lock_guard lock(accepted_mutex_);
  for (const auto& connection : accepted_) connection->thread.join();
  accepted_.clear();
  requests_ = connections_ = 0;
  first_byte_ = 0;
}

std::chrono::steady_clock::time_point LeanServer::first_byte() const noexcept {
  return std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(first_byte_));
}

std::string LeanServer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(listener_.port());
}

LeanServer::Context LeanServer::context_for(const support::Identity* identity) {
  if (identity == nullptr) return {};
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_use_certificate(context.get(), identity->certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), identity->key.get()) != 1) {
    throw std::runtime_error("no TLS context for the server");
  }
  return context;
}

void LeanServer::accept_all() {
  for (;;) {
    const int socket = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock(accepted_mutex_);
    ++connections_;
    accepted_.push_back(std::make_unique<Connection>(socket));
    accepted_.back()->thread = std::thread([this, socket] { serve(socket); });
  }
}

void LeanServer::note_arrival() {
  if (first_byte_ != 0) return;
  std::chrono::steady_clock::rep none = 0;
  first_byte_.compare_exchange_strong(none, std::chrono::steady_clock::now().time_since_epoch().count());
}

void LeanServer::serve(int socket) {
  Stream stream(socket, tls_.get());
  if (!stream.open()) return;
  std::string arrived;
  for (std::string_view bytes = stream.receive(); !bytes.empty(); bytes = stream.receive()) {
    note_arrival();
    arrived += bytes;
    const std::size_t length = support::request_length(arrived);
    if (length == 0) continue;
    ++requests_;
    const std::string_view answer = answer_(std::string_view(arrived).substr(0, length));
    arrived.erase(0, length);
    const auto latency = latency_.load();
    if (latency.count() > 0) std::this_thread::sleep_for(latency);
    if (!stream.send(answer)) return;
  }
}

}  // namespace connector::benchmark
