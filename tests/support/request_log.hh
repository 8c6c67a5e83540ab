// What a fake peer was asked, so that tests can say "exactly two requests".
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/fake_message.hh"

namespace connector::support {

struct LoggedRequest {
  std::string method;
  std::string target;
  std::string body;
  int status = 0;  ///< of the answer, also of one that was lost on its way
};

class RequestLog {
 public:
  /// The handler with every request and the status of its answer written down here. The log must outlive it.
  [[nodiscard]] Handler recording(Handler handler);

  [[nodiscard]] const std::vector<LoggedRequest>& requests() const noexcept { return requests_; }
  [[nodiscard]] std::size_t size() const noexcept { return requests_.size(); }
  /// How many requests of this method had a target that contains `part`.
  [[nodiscard]] std::size_t count(std::string_view method, std::string_view part = "") const;
  void clear() { requests_.clear(); }

 private:
  std::vector<LoggedRequest> requests_;
};

}  // namespace connector::support
