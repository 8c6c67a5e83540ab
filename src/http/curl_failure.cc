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

/// "bitbucket.ca_file (BITBUCKET_CA_FILE)"
std::string setting(PeerId peer, std::string_view name) {
  std::string variable(section_of(peer));
  variable += '_';
  if (peer == PeerId::buildkite && name == "url") variable += "api_";
  variable += name;
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return std::string(section_of(peer)) + '.' + std::string(name) + " (" + variable + ')';
}

/// OpenSSL's words for it.
std::string certificate_advice(std::string_view detail, PeerId peer) {
  if (contains(detail, "expired")) return "; renew the server's certificate, or correct this machine's clock";
  if (contains(detail, "not yet valid"))
    return "; correct this machine's clock, or replace the server's certificate";
  if (contains(detail, "subject") || contains(detail, "common name"))
    return "; write the host as the server's certificate does in " + setting(peer, "url");
  std::string own_authority = "; if the server's certificate is your own authority's, set " +
                              setting(peer, "ca_file") + " to a PEM file with that authority";
  // The same words for an authority nobody knows and for a chain with a hole.
  if (contains(detail, "local issuer"))
    return own_authority + ", else let the server send its intermediate certificate along";
  return own_authority;
}

std::string advice(CURLcode code, std::string_view detail, PeerId peer) {
  if (!has_own_connection(peer)) return {};
  switch (static_cast<int>(code)) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "; check the host in " + setting(peer, "url") + " and this machine's name server";
    case CURLE_COULDNT_CONNECT:
      return "; check its host and port in " + setting(peer, "url") + ", or in " + setting(peer, "proxy") +
             " where one is needed, and firewalls on the way";
    case CURLE_SSL_CONNECT_ERROR:
      if (!contains(detail, "wrong version number")) return {};
      return "; that port speaks no TLS: check port and https:// in " + setting(peer, "url");
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_advice(detail, peer);
    case CURLE_SSL_CACERT_BADFILE:
      return "; install the package ca-certificates or set " + setting(peer, "ca_file");
    case CURLE_SSL_CERTPROBLEM:
      return "; check " + setting(peer, "client_certificate") + " and " + setting(peer, "client_key");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "; check " + setting(peer, "proxy") + " and the proxy variables of the environment";
    default:
      return {};
  }
}

}  // namespace

CurlFailure proxy_wants_login(PeerId peer) {
  const std::string place = has_own_connection(peer) ? setting(peer, "proxy") : "HTTPS_PROXY or http_proxy";
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

Stage stage_of(CURLcode code, long proxy_status, const Progress& progress) {
  if (proxy_status >= 400) return Stage::proxy;
  switch (static_cast<int>(code)) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return Stage::proxy;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Stage::name;
    case CURLE_COULDNT_CONNECT:
      return Stage::connection;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Stage::tls;
    default:
      break;
  }
  if (progress.request_begun) return Stage::exchange;
  if (progress.connected) return Stage::tls;
  return progress.name_found ? Stage::connection : Stage::name;
}

}  // namespace connector::http
