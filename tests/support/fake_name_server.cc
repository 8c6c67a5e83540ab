#include "support/fake_name_server.hh"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace connector::support {
namespace {

int name_server_socket() {
  const int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(53);
  if (bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "127.0.0.1:53");
  }
  return made;
}

/// An answer to a query (RFC 1035, section 4): its header turned round, its question, at most one address.
std::string answer_to(const std::string& query, NameAnswer how) {
  using namespace std::string_view_literals;
  constexpr std::size_t header = 12;
  const std::size_t name_end = query.find('\0', header);
  if (name_end == std::string::npos || query.size() < name_end + 5) return {};
  const bool asks_for_ipv4 = query[name_end + 2] == 1;
  const bool has_address = how == NameAnswer::loopback && asks_for_ipv4;
  std::string answer = query.substr(0, 2);
  answer += '\x81';  // a response, recursion desired
  answer += how == NameAnswer::no_such_name ? '\x83' : how == NameAnswer::server_failure ? '\x82' : '\x80';
  answer += has_address ? "\0\1\0\1\0\0\0\0"sv : "\0\1\0\0\0\0\0\0"sv;
  answer += query.substr(header, name_end + 5 - header);
  if (has_address) answer += "\xC0\x0C\0\1\0\1\0\0\0\0\0\4\x7F\0\0\1"sv;
  return answer;
}

}  // namespace

FakeNameServer::FakeNameServer()
    : socket_(name_server_socket()), stop_(eventfd(0, EFD_CLOEXEC)), thread_([this] { serve(); }) {}

FakeNameServer::~FakeNameServer() {
  const std::uint64_t one = 1;
  if (write(stop_.get(), &one, sizeof one) == sizeof one) thread_.join();
}

void FakeNameServer::serve() {
  for (;;) {
    std::array<pollfd, 2> watched = {pollfd{socket_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), -1) < 0 || watched[1].revents != 0) return;
    std::array<char, 512> buffer{};
    sockaddr_in client{};
    socklen_t length = sizeof client;
    const ssize_t size = recvfrom(socket_.get(), buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&client), &length);
    const NameAnswer how = how_;
    if (size <= 0 || how == NameAnswer::silence) continue;
    const std::string answer = answer_to({buffer.data(), static_cast<std::size_t>(size)}, how);
    sendto(socket_.get(), answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&client),
           length);
  }
}

}  // namespace connector::support
