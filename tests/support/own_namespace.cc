#include "support/own_namespace.hh"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>

#include "support/raw_server.hh"

namespace connector::support {
namespace {

void check(int result, const std::string& what) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

void bring_loopback_up() {
  const Descriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq loopback{};
  std::strncpy(loopback.ifr_name, "lo", IFNAMSIZ - 1);
  check(ioctl(any.get(), SIOCGIFFLAGS, &loopback), "SIOCGIFFLAGS");
  loopback.ifr_flags |= IFF_UP;
  check(ioctl(any.get(), SIOCSIFFLAGS, &loopback), "SIOCSIFFLAGS");
}

/// Empty when the calling thread is in its new namespaces.
std::string enter(int kinds) {
  if (unshare(kinds) != 0) return "new namespaces: " + std::generic_category().message(errno);
  if ((kinds & CLONE_NEWNS) != 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return "private mounts: " + std::generic_category().message(errno);
  }
  if ((kinds & CLONE_NEWNET) != 0) bring_loopback_up();
  return {};
}

}  // namespace

std::string in_own_namespace(int kinds, const std::function<void()>& body) {
  std::string reason;
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      reason = enter(kinds);
      if (reason.empty()) body();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
  return reason;
}

void mount_over(const std::string& path, const std::string& shown) {
  check(mount(shown.c_str(), path.c_str(), nullptr, MS_BIND, nullptr), path);
}

}  // namespace connector::support
