#include "support/h2_front.hh"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/raw_server.hh"

namespace connector::support {
namespace {

constexpr std::chrono::seconds patience{20};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

Descriptor tcp_socket() {
  return Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// A port for a program that cannot tell which one it was given. None that the kernel gives away by itself,
/// so that nobody takes it in the meantime.
int free_port() {
  constexpr int first = 20'000;
  constexpr int count = 10'000;
  const int start = static_cast<int>(getpid()) % count;
  for (int i = 0; i < count; ++i) {
    const int port = first + (start + i) % count;
    const Descriptor probe = tcp_socket();
    const sockaddr_in address = loopback(port);
    if (bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return port;
  }
  throw std::runtime_error("no free port");
}

bool accepts_connections(int port) {
  const Descriptor probe = tcp_socket();
  const sockaddr_in address = loopback(port);
  return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::string H2Front::program() {
  for (const char* path : {"/usr/sbin/nghttpx", "/usr/bin/nghttpx", "/usr/local/bin/nghttpx"}) {
    if (access(path, X_OK) == 0) return path;
  }
  return {};
}

H2Front::H2Front(const Identity& identity, int backend_port) : port_(free_port()) {
  write_file(directory_.file("key.pem"), identity.key_pem());
  write_file(directory_.file("certificate.pem"), identity.certificate_pem());
  process_ = std::make_unique<Process>(
      std::vector<std::string>{program(), "--conf=/dev/null", "--workers=1", "--single-process",
                               "--frontend=127.0.0.1," + std::to_string(port_),
                               "--backend=127.0.0.1," + std::to_string(backend_port),
                               "--backend-connections-per-host=64", "--accesslog-format=$alpn $remote_port",
                               "--accesslog-file=" + directory_.file("answered"),
                               "--errorlog-file=" + directory_.file("errors"), directory_.file("key.pem"),
                               directory_.file("certificate.pem")},
      Environment{});
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!accepts_connections(port_)) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("nghttpx does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

std::vector<H2Front::Answered> H2Front::stop() {
  process_->send_signal(SIGTERM);
  process_->wait(patience);
  std::istringstream lines(read_file(directory_.file("answered")));
  std::vector<Answered> answered;
  for (Answered line; lines >> line.protocol >> line.client_port;) answered.push_back(line);
  return answered;
}

}  // namespace connector::support
