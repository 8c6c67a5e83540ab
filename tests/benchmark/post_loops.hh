// The same posts made twice: by the program's engine and by a bare libcurl multi loop, the measure of what
// the engine costs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "http/request.hh"

namespace connector::benchmark {

/// Requests in flight at once, and so the most connections.
constexpr std::size_t parallel_posts = 8;

/// Where the posts go, with the login of the tests.
struct PostTarget {
  std::string url;
  std::string ca_file;  ///< for https
};

/// Statuses on as many commits, as a pass posts them.
std::vector<http::Request> status_posts(std::size_t count);

/// Makes the posts through connector::http::Engine; how many were answered with 204.
std::size_t post_by_engine(const PostTarget& target, std::vector<http::Request> posts);

/// Makes the posts with the least that libcurl needs for the same requests: no queue but the vector, no
/// retries, no limits, nothing kept of an answer. How many were answered with 204.
std::size_t post_by_bare_loop(const PostTarget& target, const std::vector<http::Request>& posts);

}  // namespace connector::benchmark
