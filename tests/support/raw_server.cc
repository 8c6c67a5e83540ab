#include "support/raw_server.hh"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace connector::support {
namespace {

constexpr std::chrono::milliseconds patience{30'000};

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

}  // namespace

bool RawConnection::readable(std::chrono::milliseconds limit) {
  std::array<pollfd, 2> watched = {pollfd{socket_.get(), POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
  const int ready = poll(watched.data(), watched.size(), static_cast<int>(limit.count()));
  return ready > 0 && watched[1].revents == 0;
}

std::string RawConnection::receive() {
  std::array<char, 4096> buffer{};
  if (!readable(patience)) return {};
  const ssize_t count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

std::string RawConnection::read_request() {
  std::string request;
  for (std::string bytes = receive(); !bytes.empty(); bytes = receive()) {
    request += bytes;
    if (request_length(request) > 0) return request;
  }
  return {};
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::array<pollfd, 2> watched = {pollfd{socket_.get(), POLLOUT, 0}, pollfd{stop_, POLLIN, 0}};
    if (poll(watched.data(), watched.size(), static_cast<int>(patience.count())) <= 0) return false;
    if (watched[1].revents != 0) return false;
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawConnection::drip(std::string_view bytes, std::chrono::milliseconds pause) {
  for (const char byte : bytes) {
    // A client that leaves shows as readable.
    if (readable(pause) || !send({&byte, 1})) return false;
  }
  return true;
}

void RawConnection::stay_silent() {
  while (!receive().empty()) {
  }
}

void RawConnection::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.close();
}

RawServer::RawServer(Script script)
    : script_(std::move(script)),
      stop_(checked(eventfd(0, EFD_CLOEXEC), "eventfd")),
      thread_([this] { serve(); }) {}

RawServer::~RawServer() {
  const std::uint64_t one = 1;
  if (write(stop_.get(), &one, sizeof one) == sizeof one) thread_.join();
}

void RawServer::serve() {
  for (;;) {
    std::array<pollfd, 2> watched = {pollfd{listener_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), -1) < 0 || watched[1].revents != 0) return;
    const int socket = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    RawConnection connection(socket, stop_.get());
    script_(connection);
  }
}

}  // namespace connector::support
