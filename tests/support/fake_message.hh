// What goes between the program and a fake peer, free of any transport: the same handlers answer over real
// HTTP (http_front.hh) and in process with virtual time (memory_wire.hh).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/timestamp.hh"

namespace connector::support {

struct FakeRequest {
  std::string method;                          ///< "GET", "POST", ...
  std::string target;                          ///< path and query, as sent
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  /// The value of a header; empty when it was not sent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// How much of an answer reaches the client.
enum class Delivered {
  whole,
  cut_body,  ///< the announced length, half of the body, then the end of the connection
  nothing    ///< the connection ends without the answer, whatever the peer has done
};

struct FakeAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Delivered delivered = Delivered::whole;
  std::chrono::milliseconds delay{0};  ///< before the answer is sent, on the transport's clock
};

using Handler = std::function<FakeAnswer(const FakeRequest&)>;

/// The clock of a fake peer.
using Clock = std::function<Timestamp()>;

/// A request target taken apart and decoded.
struct Target {
  std::vector<std::string> path;  ///< segments: "/v2/a%2Fb" is {"v2", "a/b"}
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of a parameter.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  /// All values of `name` and of `name[]`.
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  /// A parameter as a number; `otherwise` when it is absent or no number.
  [[nodiscard]] unsigned number(std::string_view name, unsigned otherwise) const;
};

Target parse_target(std::string_view target);

FakeAnswer json_answer(int status, std::string body);
/// A JSON object that only has a "message", as Buildkite reports errors.
FakeAnswer message_answer(int status, std::string_view message);
FakeAnswer html_answer(int status, std::string_view title);

/// "Thu, 15 Jan 2026 12:00:00 GMT", the form of the Date header.
std::string http_date(Timestamp time);

/// base64 of the bytes, with padding: what follows "Basic " in an Authorization header.
std::string base64(std::string_view bytes);

}  // namespace connector::support
