#include "core/place/host.hh"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace connector {

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  if (inet_pton(AF_INET, std::string(host).c_str(), &address) != 1) return false;
  return (ntohl(address.s_addr) >> 24U) == 127U;
}

bool is_cloud_host(std::string_view host) {
  constexpr std::array<std::string_view, 6> clouds = {"github.com",           "gitlab.com",
                                                      "bitbucket.org",        "ssh.github.com",
                                                      "altssh.bitbucket.org", "altssh.gitlab.com"};
  return std::find(clouds.begin(), clouds.end(), host) != clouds.end();
}

}  // namespace connector
