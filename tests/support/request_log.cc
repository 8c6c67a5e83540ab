#include "support/request_log.hh"

#include <algorithm>
#include <utility>

namespace connector::support {

Handler RequestLog::recording(Handler handler) {
  return [this, handler = std::move(handler)](const FakeRequest& request) {
    FakeAnswer answer = handler(request);
    requests_.push_back({request.method, request.target, request.body, answer.status});
    return answer;
  };
}

std::size_t RequestLog::count(std::string_view method, std::string_view part) const {
  const auto matches = [&](const LoggedRequest& request) {
    return request.method == method && request.target.find(part) != std::string::npos;
  };
  return static_cast<std::size_t>(std::count_if(requests_.begin(), requests_.end(), matches));
}

}  // namespace connector::support
