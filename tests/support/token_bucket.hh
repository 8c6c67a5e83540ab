// Bitbucket Data Center's way of limiting requests: a bucket of tokens that fills up again at a steady rate.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/text/timestamp.hh"

namespace connector::support {

class TokenBucket {
 public:
  TokenBucket(double capacity, double per_second)
      : capacity_(capacity), per_second_(per_second), level_(capacity) {}

  /// Takes a token; false when there is none.
  bool take(Timestamp now) {
    if (last_ && now > *last_) {
      const std::chrono::duration<double> passed = now - *last_;
      level_ = std::min(capacity_, level_ + passed.count() * per_second_);
    }
    last_ = now;
    if (level_ < 1) return false;
    level_ -= 1;
    return true;
  }

  /// Whole seconds until there is a token again, at least one.
  [[nodiscard]] long seconds_to_wait() const {
    return std::max(1L, std::lround(std::ceil((1 - level_) / per_second_)));
  }

 private:
  double capacity_;
  double per_second_;
  double level_;
  std::optional<Timestamp> last_;
};

}  // namespace connector::support
