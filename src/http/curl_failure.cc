#include "http/curl_failure.hh"

#include <algorithm>
#include <array>

#include "core/error.hh"

namespace connector::http {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// libcurl has one code for every way a TLS handshake fails. A connection lost in the middle of it is worth
/// another try, a disagreement is not; only the text tells them apart.
bool lost_in_handshake(std::string_view detail) {
  constexpr std::array<std::string_view, 4> signs = {"SSL_ERROR_SYSCALL", "unexpected eof", "reset by peer",
                                                     "non-properly terminated"};
  return std::any_of(signs.begin(), signs.end(),
                     [&](std::string_view sign) { return contains(detail, sign); });
}

FailureKind kind_of(CURLcode code, std::string_view detail) {
  switch (static_cast<int>(code)) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // also: an answer that is no HTTP at all
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return FailureKind::not_the_api;
    case CURLE_SSL_CONNECT_ERROR:
      return lost_in_handshake(detail) ? FailureKind::unreachable : FailureKind::not_the_api;
    case CURLE_RECV_ERROR:
      // With TLS 1.3 a refused client certificate shows after the handshake, as an alert.
      return contains(detail, "alert") ? FailureKind::not_the_api : FailureKind::unreachable;
    default:
      return FailureKind::unreachable;
  }
}

std::string advice(CURLcode code, std::string_view detail, PeerId peer) {
  if (!has_own_connection(peer)) return {};
  const std::string section(section_of(peer));
  switch (static_cast<int>(code)) {
    case CURLE_PEER_FAILED_VERIFICATION:
      // The same words for an authority nobody knows and for a chain with a hole.
      if (contains(detail, "local issuer")) {
        return "; if the server's certificate is your own authority's, set " + section +
               ".ca_file, else let the server send its intermediate certificate along";
      }
      return "; if the server's certificate is your own authority's, set " + section + ".ca_file";
    case CURLE_SSL_CACERT_BADFILE:
      return "; install the package ca-certificates or set " + section + ".ca_file";
    case CURLE_SSL_CERTPROBLEM:
      return "; check " + section + ".client_certificate and " + section + ".client_key";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "; check " + section + ".proxy and the proxy variables of the environment";
    default:
      return {};
  }
}

}  // namespace

CurlFailure proxy_wants_login(PeerId peer) {
  const std::string place =
      has_own_connection(peer) ? std::string(section_of(peer)) + ".proxy" : "HTTPS_PROXY or http_proxy";
  return {FailureKind::proxy_login, "the proxy wants a login (407); give the right one in " + place};
}

CurlFailure explain(CURLcode code, std::string_view detail, long proxy_status, PeerId peer) {
  switch (static_cast<int>(code)) {
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
    case CURLE_URL_MALFORMAT:
      throw Error(ExitStatus::software, std::string("libcurl: ") + curl_easy_strerror(code));
    default:
      break;
  }
  if (proxy_status == 407) return proxy_wants_login(peer);
  if (proxy_status >= 400) {
    return {FailureKind::unreachable, "the proxy answered " + std::to_string(proxy_status) + " to CONNECT"};
  }
  // libcurl's own words for a proxy it cannot read quote the setting, login included.
  if (code == CURLE_COULDNT_RESOLVE_PROXY) detail = {};
  std::string reason(detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail);
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == ' ')) reason.pop_back();
  return {kind_of(code, detail), reason + advice(code, detail, peer)};
}

}  // namespace connector::http
