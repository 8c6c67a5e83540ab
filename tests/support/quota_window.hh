// Buildkite's way of limiting requests: so many in a window of a minute, then none until the next window.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/text/timestamp.hh"

namespace connector::support {

class QuotaWindow {
 public:
  explicit QuotaWindow(std::int64_t limit) : limit_(limit) {}

  void set_limit(std::int64_t limit) noexcept { limit_ = limit; }
  /// Counts requests made at `now`; a new window begins with the first after the end of the last.
  void count(Timestamp now, std::int64_t requests = 1) {
    if (!began_ || now - *began_ >= length) {
      began_ = now;
      used_ = 0;
    }
    used_ += requests;
  }

  [[nodiscard]] std::int64_t limit() const noexcept { return limit_; }
  [[nodiscard]] std::int64_t used() const noexcept { return used_; }
  [[nodiscard]] bool exceeded() const noexcept { return used_ > limit_; }
  [[nodiscard]] std::int64_t remaining() const noexcept { return used_ < limit_ ? limit_ - used_ : 0; }
  /// Seconds until the window ends, rounded up, as RateLimit-Reset says.
  [[nodiscard]] std::int64_t reset(Timestamp now) const {
    return std::chrono::ceil<std::chrono::seconds>(began_.value_or(now) + length - now).count();
  }

 private:
  static constexpr std::chrono::minutes length{1};

  std::int64_t limit_;
  std::int64_t used_ = 0;
  std::optional<Timestamp> began_;
};

}  // namespace connector::support
