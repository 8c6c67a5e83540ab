// What a 401 means, which Bitbucket answers to a wrong login and to a missing right alike: it depends on
// whether the login has worked before.
#pragma once

#include "core/peer/delivery.hh"

namespace connector {

class LoginProof {
 public:
  /// The server took the login.
  void works() noexcept { proven_ = true; }
  [[nodiscard]] bool proven() const noexcept { return proven_; }

  /// The delivery as it is to be understood: a 401 after a success is no wrong login but a missing right,
  /// unless the server says more, or says it of a second repository.
  [[nodiscard]] Delivery judged(Delivery delivery);

 private:
  bool proven_ = false;
  unsigned unexplained_ = 0;  // 401s without a reason
};

}  // namespace connector
