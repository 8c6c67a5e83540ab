#include "support/local_server.hh"

#include <utility>

namespace connector::support {
namespace {

std::unique_ptr<httplib::Server> made(const TlsSettings& tls) {
  if (tls.identity == nullptr) return std::make_unique<httplib::Server>();
  X509_STORE* clients = nullptr;  // the server takes it over
  if (tls.client_authority != nullptr) {
    clients = X509_STORE_new();
    X509_STORE_add_cert(clients, tls.client_authority->certificate());
  }
  auto server =
      std::make_unique<httplib::SSLServer>(tls.identity->certificate.get(), tls.identity->key.get(), clients);
  if (tls.intermediate != nullptr) {
    SSL_CTX_add1_chain_cert(server->ssl_context(), tls.intermediate->certificate());
  }
  if (tls.newest_version != 0) {
    SSL_CTX_set_security_level(server->ssl_context(), 0);  // else OpenSSL would not offer what is old
    SSL_CTX_set_min_proto_version(server->ssl_context(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(server->ssl_context(), tls.newest_version);
  }
  return server;
}

}  // namespace

LocalServer::LocalServer(httplib::Server::Handler handler, const TlsSettings& tls)
    : secure_(tls.identity != nullptr), server_(made(tls)) {
  // A kept connection holds its thread.
  server_->new_task_queue = [] { return new httplib::ThreadPool(32); };
  server_->set_keep_alive_max_count(1'000'000);
  server_->set_tcp_nodelay(true);
  server_->Post(".*", handler);
  server_->Get(".*", std::move(handler));
  port_ = server_->bind_to_any_port("127.0.0.1");
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::yield();
}

LocalServer::~LocalServer() {
  server_->stop();
  thread_.join();
}

std::string LocalServer::url() const {
  return (secure_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

}  // namespace connector::support
