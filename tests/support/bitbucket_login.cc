#include "support/bitbucket_login.hh"

#include <string_view>

#include "support/bitbucket_answers.hh"

namespace connector::support {

namespace {

constexpr unsigned wrong_passwords_allowed = 5;

FakeAnswer unauthorized(std::string_view message, std::string_view exception) {
  const std::string name = "com.atlassian.bitbucket." + std::string(exception);
  FakeAnswer answer = errors_answer(401, {{"", std::string(message), name}});
  answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Atlassian Bitbucket\"");
  return answer;
}

FakeAnswer wrong_credential() {
  return unauthorized("Authentication failed. Please check your credentials and try again.",
                      "auth.IncorrectPasswordAuthenticationException");
}

}  // namespace

std::optional<FakeAnswer> BitbucketLogin::refuse(const FakeRequest& request, const Credentials& credentials) {
  const std::string sent = request.header("authorization");
  if (sent.empty()) {
    return unauthorized("You must be logged in to access this resource.",
                        "auth.AuthenticationRequiredException");
  }
  if (sent.starts_with("Bearer ")) {
    if (sent == "Bearer " + credentials.token) return std::nullopt;
    return wrong_credential();
  }
  if (wrong_passwords_ >= wrong_passwords_allowed) {
    return unauthorized(
        "CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA to be solved "
        "before you may log in again.",
        "auth.CaptchaRequiredAuthenticationException");
  }
  if (sent == "Basic " + base64(credentials.username + ':' + credentials.password)) {
    wrong_passwords_ = 0;
    return std::nullopt;
  }
  ++wrong_passwords_;
  return wrong_credential();
}

}  // namespace connector::support
