#include "support/loopback.hh"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace connector::support {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  checked(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int tcp_socket() {
  return checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

int listening(int socket) {
  const sockaddr_in address = loopback(0);
  checked(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  checked(listen(socket, 64), "listen");
  return port_of(socket);
}

std::size_t body_length(std::string_view headers) {
  constexpr std::string_view name = "Content-Length: ";
  const std::size_t at = headers.find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(headers.data() + at + name.size(), headers.data() + headers.size(), length);
  }
  return length;
}

}  // namespace

void Descriptor::close() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

LoopbackListener::LoopbackListener() : socket_(tcp_socket()), port_(listening(socket_.get())) {}

void pass_through_queue(int port) {
  const Descriptor connection(tcp_socket());
  const sockaddr_in address = loopback(port);
  checked(connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
  checked(shutdown(connection.get(), SHUT_WR), "shutdown");
  char byte = 0;
  while (checked(static_cast<int>(recv(connection.get(), &byte, 1, 0)), "recv") > 0) {
  }
}

std::size_t request_length(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::size_t length = end + 4 + body_length(bytes.substr(0, end + 2));
  return bytes.size() < length ? 0 : length;
}

}  // namespace connector::support
