// Who may ask: Bitbucket's two ways to log in and the lock after wrong passwords.
#pragma once

#include <optional>
#include <string>

#include "support/fake_message.hh"

namespace connector::support {

struct Credentials {
  std::string username = "buildkite-bot";
  std::string password = "s3cret pass:word/%41+ü";
  std::string token = "BBDC-MDEyMzQ1Njc4OTAx";
};

class BitbucketLogin {
 public:
  /// Nothing when the request's credential is right, else the 401 to answer. After five wrong passwords in a
  /// row even the right one is refused until solve_captcha(); tokens are not counted.
  std::optional<FakeAnswer> refuse(const FakeRequest& request, const Credentials& credentials);

  void solve_captcha() noexcept { wrong_passwords_ = 0; }
  [[nodiscard]] unsigned wrong_passwords() const noexcept { return wrong_passwords_; }

 private:
  unsigned wrong_passwords_ = 0;
};

}  // namespace connector::support
