#include "check/server.hh"

#include <chrono>
#include <optional>
#include <variant>

#include "core/text/duration.hh"

namespace connector::check {
namespace {

using http::Stage;

bool is_address(const std::string& host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string::npos;
}

ExitStatus cause_of(http::FailureKind kind) {
  switch (kind) {
    case http::FailureKind::not_the_api:
      return ExitStatus::protocol;
    case http::FailureKind::proxy_login:
      return ExitStatus::no_permission;
    case http::FailureKind::unreachable:
    case http::FailureKind::not_begun:
      break;
  }
  return ExitStatus::temp_fail;
}

std::string step_of(Stage stage) {
  switch (stage) {
    case Stage::name:
      return "DNS";
    case Stage::connection:
      return "connection";
    case Stage::proxy:
      return "proxy";
    case Stage::tls:
      return "TLS";
    case Stage::exchange:
      break;
  }
  return "answer";
}

void tell_name(const Server& server, Findings& findings) {
  const std::string& host = server.address.host;
  if (server.proxied) {
    findings.ok(server.step("DNS"), host + " is reached by a proxy, which finds it");
  } else if (is_address(host)) {
    findings.ok(server.step("DNS"), host + " is an address");
  } else {
    findings.ok(server.step("DNS"), host + " was found");
  }
}

void tell_tls(const Server& server, Findings& findings) {
  const std::string step = server.step("TLS");
  if (server.address.scheme == "https") {
    findings.ok(step, "the server's certificate is valid and names " + server.address.host);
  } else if (server.address.loopback) {
    findings.ok(step, "none over http, which stays on this machine");
  } else {
    findings.warn(step, "none over http: everybody on the way to " + server.address.host +
                            " can read the credential; begin the URL with https:// if the server can");
  }
}

/// Nothing is decided by the local clock, but certificates are checked by it, and logs are read by it.
void tell_clock(const Server& server, const http::Engine& engine, Findings& findings) {
  constexpr std::chrono::minutes allowed{5};
  const auto date = engine.date(server.peer);
  if (!date) return findings.ok(server.step("clock"), "the server does not tell the time");
  const Timestamp now = server.local_now();
  const auto difference = now > *date ? now - *date : *date - now;
  if (difference > allowed) {
    findings.warn(server.step("clock"),
                  "differs from this machine's by " + duration_in_words(difference) +
                      "; certificates are checked by this machine's, let it be set by NTP");
  } else {
    findings.ok(server.step("clock"), "agrees with this machine's");
  }
}

}  // namespace

bool look_at_way(const Server& server, const http::Outcome& first, const http::Engine& engine,
                 Findings& findings) {
  const auto* failure = std::get_if<http::Failure>(&first);
  if (failure != nullptr && failure->kind == http::FailureKind::not_begun) return false;
  Stage reached = failure == nullptr ? Stage::exchange : failure->stage;
  if (server.proxied && reached == Stage::connection) reached = Stage::proxy;
  if (reached != Stage::name && reached != Stage::proxy) tell_name(server, findings);
  if (reached == Stage::exchange) tell_tls(server, findings);
  if (failure != nullptr) {
    findings.fail(server.step(step_of(reached)), failure->text, cause_of(failure->kind));
    return false;
  }
  tell_clock(server, engine, findings);
  return true;
}

}  // namespace connector::check
