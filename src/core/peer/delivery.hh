// How Bitbucket took a request, in the words that decide what becomes of a status.
#pragma once

#include <string>

#include "core/build/build_status.hh"

namespace connector {

enum class DeliveryResult {
  delivered,
  refused,        ///< retrying will hardly mend it (400, 404, 409, 413, ...)
  try_later,      ///< not delivered or not known to be; the next pass tries again
  bad_login,      ///< the credential was refused: end all posting
  proxy_login,    ///< the proxy on the way refused its own credential: nothing gets through
  not_permitted,  ///< valid login, no right on this repository
  no_repository,  ///< the server does not have this repository, or does not let the account see it
  moved,          ///< the repository has another name now: Delivery::moved_to
  not_the_api     ///< something else answered: certificate, redirect, HTML
};

struct Delivery {
  DeliveryResult result = DeliveryResult::try_later;
  /// The server may have taken it in spite of the answer, or an earlier attempt got no answer and may be on
  /// its way still.
  bool may_have_arrived = false;
  std::string text;  ///< for people: host, path, status, the answer's message; empty when delivered
  /// The answer is one that databases give which cannot store characters outside the basic plane (400, 500).
  bool may_be_the_text = false;
  /// With DeliveryResult::bad_login: the server says that the password is wrong, or the account is locked or
  /// has no licence.
  bool account_closed = false;
  Repository moved_to{};  ///< with DeliveryResult::moved
};

/// Whether the server took the login, looked at the request and has another answer to it than a success.
constexpr bool is_about_the_request(DeliveryResult result) {
  return result == DeliveryResult::refused || result == DeliveryResult::not_permitted ||
         result == DeliveryResult::no_repository || result == DeliveryResult::moved;
}

}  // namespace connector
