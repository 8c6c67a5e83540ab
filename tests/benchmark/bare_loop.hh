// The least that can make requests: a bare libcurl multi loop. It is the measure of what the program costs.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/curl_handles.hh"

namespace connector::benchmark {

/// A server and what every request to it has in common.
struct BarePeer {
  std::string url;
  std::string ca_file;  ///< for https
  std::string user_agent;
  std::string bearer_token;        ///< either this
  std::string username, password;  ///< or these
  std::vector<std::string> header_lines;
};

struct BareRequest {
  std::string target;
  std::string_view body;  ///< a POST, unless empty
};

/// What a lane does next; nothing when it has done all it has to.
using NextRequest = std::function<std::optional<BareRequest>(std::size_t lane)>;

/// Makes requests in so many lanes side by side: each takes its next one as soon as the last is answered.
/// Returns how many were answered with `status`. Connections are the multi's, which keeps them.
std::size_t run_bare_loop(const http::Multi& multi, const BarePeer& peer, std::size_t lanes, long status,
                          const NextRequest& next);

}  // namespace connector::benchmark
