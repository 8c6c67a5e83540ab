// A repository as the server knows it, asked for when a clone URL's host does not tell whether it is ours.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/peer/delivery.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Asks for a repository (Bitbucket REST: GET projects/{}/repos/{}; needs the right to read it).
http::Request repository_request(const Repository& repository);

/// Reads the outcome of a repository_request about the repository `asked`: the addresses under which it is
/// cloned (Bitbucket REST: links.clone[].href), or why the server does not tell: no_repository, moved,
/// not_permitted, ...
std::variant<std::vector<std::string>, Delivery> read_repository(const http::Outcome& outcome,
                                                                 const Repository& asked);

}  // namespace connector::bitbucket
