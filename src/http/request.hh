// Requests and what becomes of them, as plain data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace connector::http {

/// The servers a pass talks to: the two it works for, and those who watch over passes. Each has its own
/// address, credential, TLS settings and limits.
enum class PeerId : std::size_t { buildkite, bitbucket, snitch, ping, pushgateway };
constexpr std::size_t peer_count = 5;

/// "Buildkite", "Bitbucket", "Dead Man's Snitch", "the ping URL", "the Pushgateway": for people.
std::string_view name_of(PeerId peer);
/// "buildkite", "bitbucket", "heartbeat", "metrics": the section of the configuration that says how to reach
/// the peer.
std::string_view section_of(PeerId peer);
/// The key of the peer's address in the configuration, such as "buildkite.url".
std::string_view url_setting_of(PeerId peer);
/// Whether the configuration has certificates and a proxy of the peer's own; the others use the system's.
constexpr bool has_own_connection(PeerId peer) {
  return peer == PeerId::buildkite || peer == PeerId::bitbucket;
}

enum class Method { get, post, put };

struct Request {
  PeerId peer = PeerId::buildkite;
  Method method = Method::get;
  std::string target;  ///< path and query, or query alone, appended to the peer's base URL; holds no secret
  std::string body;    ///< with Method::post and Method::put; as PeerSettings::content_type says
  std::size_t body_limit = std::size_t{32} << 20U;  ///< bytes of the answer's body after decoding
  /// Otherwise nobody waits for it: it is tried once, beside the rest, and left to its fate when that is
  /// done.
  bool awaited = true;
};

/// Header fields of an answer. Of a repeated field the last one counts.
class Headers {
 public:
  void set(std::string_view name, std::string_view value);
  /// The value without surrounding blanks, empty when the field is absent. `name` is in lower case.
  [[nodiscard]] std::string_view find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// An answer. A redirect is one only from Bitbucket to its own origin, where it may tell of a renamed
/// repository; every other redirect is a Failure that names the target.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::string place;  ///< where it came from, for messages: "host /path"; may be empty
  /// An earlier attempt at the POST got no proper answer and may be on its way still.
  bool earlier_may_arrive = false;
};

/// The beginning of a message about an answer: "host /path: Bitbucket answered 503".
std::string answered(std::string_view server, const Response& response);

/// Why there is no answer.
enum class FailureKind {
  unreachable,  ///< name, connection, time-out, reset, body cut short: try later
  not_the_api,  ///< certificate, redirect, oversized or undecodable body: something else answers there, or
                ///< our configuration reaches for the wrong thing; retrying does not help
  proxy_login,  ///< the proxy on the way wants another login
  not_begun     ///< deadline, stop signal or a pause beyond the deadline: never sent
};

/// How far an attempt came, for those who tell a person where to look.
enum class Stage {
  name,        ///< the host's name was not found
  connection,  ///< nobody took the connection
  proxy,       ///< the proxy on the way was not found or refused
  tls,         ///< no secure connection: certificate, protocol
  exchange     ///< the connection stood
};

struct Failure {
  FailureKind kind = FailureKind::unreachable;
  bool may_have_arrived =
      false;         ///< the server may have acted on the POST although no answer came; never for a GET
  std::string text;  ///< one line for people: host, path without query, reason; no secrets
  Stage stage = Stage::exchange;
};

using Outcome = std::variant<Response, Failure>;

}  // namespace connector::http
