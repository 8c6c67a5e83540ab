#include "http/peer_settings.hh"

#include <fstream>
#include <string_view>

#include "core/error.hh"
#include "core/place/host.hh"
#include "core/text/text.hh"
#include "http/curl_handles.hh"

namespace connector::http {
namespace {

[[noreturn]] void refuse(PeerId peer, std::string_view setting, const std::string& reason) {
  const std::string key = setting == "url" ? std::string(url_setting_of(peer))
                                           : std::string(section_of(peer)) + '.' + std::string(setting);
  throw Error(ExitStatus::config, key + ": " + printable(reason, 500));
}

bool breaks_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// What keeps a PEM file from serving; empty for one that holds a block of this kind.
std::string pem_problem(const std::string& path, std::string_view marker) {
  std::ifstream file(path);
  if (!file.is_open()) return "cannot read " + path;
  for (std::string line; std::getline(file, line);) {
    if (line.find(marker) != std::string::npos) return {};
  }
  return path + " holds no PEM block \"" + std::string(marker) + '"';
}

constexpr std::string_view certificate_marker = "CERTIFICATE-----";

void check_pem(PeerId peer, std::string_view setting, const std::string& path, std::string_view marker) {
  if (path.empty()) return;
  if (const std::string problem = pem_problem(path, marker); !problem.empty()) refuse(peer, setting, problem);
}

void check_authorities(PeerId peer, const PeerSettings& settings, const PeerAddress& address) {
  const std::string file = trusted_file(settings);
  if (file.empty() || (settings.ca_file.empty() && address.scheme != "https")) return;
  const std::string problem = pem_problem(file, certificate_marker);
  if (problem.empty()) return;
  if (!has_own_connection(peer)) refuse(peer, "url", problem + "; install the package ca-certificates");
  const std::string_view advice =
      settings.ca_file.empty() ? "; install the package ca-certificates, or set this to a file of your own"
                               : "";
  refuse(peer, "ca_file", problem + std::string(advice));
}

void check_credential(PeerId peer, const Credential& credential) {
  if (const auto* bearer = std::get_if<BearerToken>(&credential)) {
    if (breaks_header(bearer->token.reveal())) refuse(peer, "token", "contains a line break or NUL");
  } else if (const auto* login = std::get_if<BasicLogin>(&credential)) {
    if (breaks_header(login->username)) refuse(peer, "username", "contains a line break or NUL");
    if (login->username.find(':') != std::string::npos) {
      refuse(peer, "username", "contains a colon, which a Basic login cannot carry");
    }
    if (breaks_header(login->password.reveal())) refuse(peer, "password", "contains a line break or NUL");
  }
}

PeerAddress taken_apart(PeerId peer, const std::string& url) {
  // curl's parser drops nothing it cannot express, but C strings end at NUL.
  if (breaks_header(url)) refuse(peer, "url", "contains a line break or NUL");
  const ParsedUrl parsed(url);
  if (!parsed.valid()) refuse(peer, "url", "is no http or https URL");
  PeerAddress address;
  address.scheme = parsed.part(CURLUPART_SCHEME);
  if (address.scheme != "http" && address.scheme != "https") refuse(peer, "url", "is no http or https URL");
  if (!parsed.part(CURLUPART_USER).empty() || !parsed.part(CURLUPART_PASSWORD).empty()) {
    refuse(peer, "url", "holds a user name or password; move them to their own settings");
  }
  if (!parsed.part(CURLUPART_QUERY).empty() || !parsed.part(CURLUPART_FRAGMENT).empty()) {
    refuse(peer, "url", "must end with the path; remove what follows ? or #");
  }
  const std::string port = parsed.part(CURLUPART_PORT);
  address.host = ascii_lower(parsed.part(CURLUPART_HOST));
  address.authority = port.empty() ? address.host : address.host + ':' + port;
  address.path = parsed.part(CURLUPART_PATH);
  address.path.erase(address.path.find_last_not_of('/') + 1);
  address.base_url = address.scheme + "://" + address.authority + address.path;
  address.loopback = is_loopback_host(address.host);
  return address;
}

}  // namespace

PeerAddress checked_address(PeerId peer, const PeerSettings& settings) {
  PeerAddress address = taken_apart(peer, settings.base_url);
  if (address.scheme == "http" && !address.loopback && !settings.allow_http) {
    const std::string section(section_of(peer));
    refuse(peer, "url",
           "plain http would show the credential to everyone on the way to " + address.host +
               "; use https, or set " + section + ".allow_http = true");
  }
  check_credential(peer, settings.credential);
  if (breaks_header(settings.proxy)) refuse(peer, "proxy", "contains a line break or NUL");
  for (const std::string& header : settings.extra_headers) {
    if (breaks_header(header))
      throw Error(ExitStatus::software, "a header value contains a line break or NUL");
  }
  check_authorities(peer, settings, address);
  check_pem(peer, "client_certificate", settings.client_certificate, certificate_marker);
  check_pem(peer, "client_key", settings.client_key, "PRIVATE KEY-----");
  return address;
}

std::string trusted_file(const PeerSettings& settings) {
  if (!settings.ca_file.empty()) return settings.ca_file;
  const char* const bundle = curl_version_info(CURLVERSION_NOW)->cainfo;
  return bundle == nullptr ? "" : bundle;
}

std::string origin_of(const std::string& url) {
  const ParsedUrl parsed(url);
  if (!parsed.valid()) return {};
  const std::string scheme = parsed.part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return {};
  return scheme + "://" + ascii_lower(parsed.part(CURLUPART_HOST)) + ':' +
         parsed.part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

}  // namespace connector::http
