// What must be green before a pull request of a repository may be merged.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/peer/delivery.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// A page of a repository's Required builds conditions, reduced to what a status meets them by.
struct RequiredBuilds {
  std::vector<std::string> parent_keys;  ///< BuildStatus::parent of the builds that must be green
  std::optional<unsigned> next_start{};  ///< where the next page begins; nothing after the last one
};

/// Asks for the conditions of a repository from number `start` on, 100 a page (Bitbucket REST: GET
/// required-builds/latest/projects/{}/repos/{}/conditions; needs the right to read the repository).
http::Request conditions_request(const Repository& repository, unsigned start);

/// Reads the outcome of a conditions_request(asked, start): the page, empty from a server that has no
/// Required builds, or why it does not tell. A next page is always beyond `start`, so that reading page by
/// page ends.
std::variant<RequiredBuilds, Delivery> read_conditions(const http::Outcome& outcome, const Repository& asked,
                                                       unsigned start);

}  // namespace connector::bitbucket
