#include "core/peer/login_proof.hh"

namespace connector {
namespace {

/// After so many 401s without a reason it is no longer a repository, but the password that was changed.
constexpr unsigned most_unexplained = 1;

}  // namespace

Delivery LoginProof::judged(Delivery delivery) {
  const bool about_a_repository =
      delivery.result == DeliveryResult::bad_login && proven_ && !delivery.account_closed;
  if (about_a_repository && ++unexplained_ <= most_unexplained)
    delivery.result = DeliveryResult::not_permitted;
  return delivery;
}

}  // namespace connector
