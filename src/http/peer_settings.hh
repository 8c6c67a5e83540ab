// How to reach a peer, and the checks that make it safe to send a credential there.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "core/text/secret.hh"
#include "http/request.hh"

namespace connector::http {

/// Sent as "Authorization: Bearer ...".
struct BearerToken {
  Secret token;
};

/// Sent as "Authorization: Basic ...".
struct BasicLogin {
  std::string username;
  Secret password;
};

/// Nothing for requests without a credential.
using Credential = std::variant<std::monostate, BearerToken, BasicLogin>;

struct PeerSettings {
  std::string base_url;  ///< http(s), context path allowed; empty = this peer is not talked to
  /// The end of the base URL's path, "/..." and encoded, where it is a credential; no message names it.
  Secret secret_path;
  Credential credential;
  std::string ca_file;  ///< PEM; when set, exactly its certificates are trusted
  std::string
      proxy;  ///< empty = as the environment says (https_proxy, NO_PROXY, ...), never for loopback hosts
  std::string client_certificate;                 ///< PEM
  std::string client_key;                         ///< PEM; empty = in client_certificate
  bool allow_http = false;                        ///< plain http also to hosts other than loopback
  std::vector<std::string> extra_headers;         ///< such as "X-Atlassian-Token: no-check"
  std::string content_type = "application/json";  ///< of what is sent
  /// How long an attempt may take, where that is less than the wire allows.
  std::chrono::milliseconds patience = std::chrono::milliseconds::max();
};

/// A base URL taken apart.
struct PeerAddress {
  std::string base_url;   ///< without trailing slash
  std::string scheme;     ///< "http" or "https"
  std::string host;       ///< lower case, without port
  std::string authority;  ///< host, and the port when the URL names one: what messages say
  std::string path;       ///< context path without trailing slash; often empty
  bool loopback = false;
};

/// The address of a peer whose settings are safe to use. Throws Error (config), naming the setting, for a URL
/// that is none, holds user-info, query or fragment, or uses plain http where it is not allowed; for
/// credentials and headers with line breaks or NUL; for certificate files that cannot be read, the system's
/// included where https needs it.
PeerAddress checked_address(PeerId peer, const PeerSettings& settings);

/// The file with the certificates that a peer's own must go back to: its ca_file, else the system's bundle at
/// the place where libcurl looks for it; empty when libcurl was built to find them otherwise.
std::string trusted_file(const PeerSettings& settings);

/// The origin of an absolute URL, "https://host:port" with the port spelled out; empty when it is no http(s)
/// URL.
std::string origin_of(const std::string& url);

}  // namespace connector::http
