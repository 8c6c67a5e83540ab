// What the server says about itself.
#pragma once

#include <variant>

#include "core/peer/delivery.hh"
#include "core/peer/server_version.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Asks for the server's version (Bitbucket REST: GET application-properties; needs no right).
http::Request properties_request();

/// Reads the outcome of a properties_request: the version, or why the server does not tell.
std::variant<ServerVersion, Delivery> read_properties(const http::Outcome& outcome);

}  // namespace connector::bitbucket
