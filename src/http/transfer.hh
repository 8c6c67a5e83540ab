// One attempt inside libcurl: the handle, prepared once for its peer, and what has arrived so far, within
// limits.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "http/curl_failure.hh"
#include "http/curl_handles.hh"
#include "http/peer_settings.hh"
#include "http/request.hh"
#include "http/wire.hh"

namespace connector::http {

/// How patient and how trusting an attempt is.
struct TransferLimits {
  std::chrono::milliseconds connect{10'000};  ///< until the connection stands, TLS included
  std::chrono::milliseconds total{60'000};    ///< until the answer is complete
  std::chrono::seconds stall{30};             ///< at less than `stall_bytes` a second
  long stall_bytes = 16;
  std::size_t headers = std::size_t{64}
                        << 10U;  ///< bytes of header lines of an answer, interim ones included
};

/// A peer with everything its transfers have in common.
struct PreparedPeer {
  PeerId id = PeerId::buildkite;
  PeerSettings settings;
  PeerAddress address;
  Slist get_headers;
  Slist post_headers;
};

/// Checks the settings (see checked_address) and writes the header lines of a peer.
PreparedPeer prepare_peer(PeerId id, PeerSettings settings);

/// Reusable: after one attempt has ended the next may begin. libcurl points into it, so it stays where it is.
/// `peer` and `share` must outlive it.
class Transfer {
 public:
  Transfer(const PreparedPeer& peer, const Share& share, const std::string& user_agent,
           const TransferLimits& limits);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void begin(Ticket ticket, const Request& request, const Multi& multi);
  /// Takes the attempt out of the multi; without it having ended, this gives it up.
  void detach() { attachment_.reset(); }
  /// What a detached attempt came to, by libcurl's code for it. Throws Error (software) for codes that mean a
  /// bug.
  Outcome outcome(CURLcode code);

  [[nodiscard]] Ticket ticket() const noexcept { return ticket_; }
  [[nodiscard]] PeerId peer() const noexcept { return peer_.id; }

 private:
  enum class Excess { none, headers, body, memory };

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  void take_header(std::string_view line);
  void take_body(std::string_view bytes);

  void prepare(const Share& share, const std::string& user_agent);
  void prepare_tls();
  void prepare_credential();
  [[nodiscard]] std::optional<Failure> redirect_failure() const;
  [[nodiscard]] Progress progress() const;
  [[nodiscard]] Failure failure(FailureKind kind, const std::string& reason) const;

  const PreparedPeer& peer_;
  TransferLimits limits_;
  Easy easy_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::optional<Attachment> attachment_;  // after easy_, so that it goes first

  Ticket ticket_ = 0;
  Method method_ = Method::get;
  std::string path_;  // without query, for messages
  std::size_t body_limit_ = 0;
  std::size_t header_bytes_ = 0;
  Excess excess_ = Excess::none;
  Response response_;
};

}  // namespace connector::http
