// A credential that cannot be printed, compared or stored by accident.
#pragma once

#include <string>
#include <utility>

namespace connector {

/// Holds a token or a password. It has no stream operator and no conversion: the only way to the text is
/// reveal(), which is called where a request is signed, a fingerprint taken, or the secret hidden in texts,
/// and nowhere else.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] const std::string& reveal() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace connector
