// What the name of a host says about it.
#pragma once

#include <string>
#include <string_view>

namespace connector {

/// Whether a host is this machine: "localhost", "[::1]" or an address in 127.0.0.0/8. Names such as
/// 127.example.com are not.
bool is_loopback_host(std::string_view host);

/// Whether a host is a public service whose repositories cannot be on our server (github.com, bitbucket.org,
/// ...).
bool is_cloud_host(std::string_view host);

}  // namespace connector
