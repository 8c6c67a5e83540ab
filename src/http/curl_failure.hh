// libcurl's error codes in terms of what helps.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "http/request.hh"

namespace connector::http {

struct CurlFailure {
  FailureKind kind = FailureKind::unreachable;
  std::string reason;
};

/// What a failed attempt means. `detail` is libcurl's own text for it (may be empty), `proxy_status` the
/// proxy's answer to CONNECT or 0. Throws Error (software) for codes that can only come from wrong use of
/// libcurl or lack of memory.
CurlFailure explain(CURLcode code, std::string_view detail, long proxy_status, PeerId peer);

/// What was done of an attempt when it failed.
struct Progress {
  bool name_found = false;
  bool connected = false;
  bool request_begun = false;
};

/// Which step the code belongs to; where libcurl does not tell, the one that was under way.
Stage stage_of(CURLcode code, long proxy_status, const Progress& progress);

/// What status 407 means, in whatever way the proxy says it.
CurlFailure proxy_wants_login(PeerId peer);

}  // namespace connector::http
