#include "support/dead_port.hh"

#include <netinet/in.h>

#include <cstring>
#include <utility>

namespace connector::support {
namespace {

/// A loopback address in the form that socket calls take.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address loopback(Loopback family, int port) {
  Address address;
  if (family == Loopback::v4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.length = sizeof v4;
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.length = sizeof v6;
  }
  return address;
}

int port_of(int socket) {
  Address bound;
  bound.length = sizeof bound.storage;
  if (getsockname(socket, bound.get(), &bound.length) != 0) return 0;
  sockaddr_in6 either{};  // both families keep the port at the same place
  std::memcpy(&either, &bound.storage, sizeof either);
  return ntohs(either.sin6_port);
}

std::unique_ptr<Descriptor> new_socket(Loopback family) {
  const int domain = family == Loopback::v4 ? AF_INET : AF_INET6;
  return std::make_unique<Descriptor>(socket(domain, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

std::optional<DeadPort> DeadPort::open(Loopback family, int port) {
  DeadPort dead;
  auto listener = new_socket(family);
  const Address wanted = loopback(family, port);
  if (bind(listener->get(), wanted.get(), wanted.length) != 0 || listen(listener->get(), 0) != 0) {
    return std::nullopt;
  }
  dead.port_ = port_of(listener->get());
  dead.sockets_.push_back(std::move(listener));
  const Address address = loopback(family, dead.port_);
  constexpr int more_than_fit = 4;
  for (int i = 0; i < more_than_fit; ++i) {
    dead.sockets_.push_back(new_socket(family));
    // Succeeds at once or stays in progress for want of room: either is what fills the queue.
    static_cast<void>(connect(dead.sockets_.back()->get(), address.get(), address.length));
  }
  return dead;
}

}  // namespace connector::support
