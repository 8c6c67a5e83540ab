#include "support/faults.hh"

#include <utility>

namespace connector::support {

Fault answer_instead(FakeAnswer answer) {
  return [answer = std::move(answer)](const FakeRequest&, const Handler&) { return answer; };
}

Fault answer_status(int status) {
  return answer_instead(json_answer(status, R"({"message":"made up by a test"})"));
}

Fault answer_html(int status) {
  return answer_instead(html_answer(status, "This is not the API"));
}

Fault answer_too_many(const std::string& retry_after) {
  FakeAnswer answer = json_answer(429, R"({"message":"Too many requests"})");
  if (!retry_after.empty()) answer.headers.emplace_back("Retry-After", retry_after);
  return answer_instead(std::move(answer));
}

Fault cut_the_body() {
  return [](const FakeRequest& request, const Handler& peer) {
    FakeAnswer answer = peer(request);
    if (answer.body.empty()) {
      answer.status = 200;
      answer.body = "{}";
    }
    answer.delivered = Delivered::cut_body;
    return answer;
  };
}

Fault lose_the_answer() {
  return [](const FakeRequest& request, const Handler& peer) {
    FakeAnswer answer = peer(request);
    answer.delivered = Delivered::nothing;
    return answer;
  };
}

Fault lose_the_request() {
  FakeAnswer answer;
  answer.delivered = Delivered::nothing;
  return answer_instead(std::move(answer));
}

Fault answer_late(std::chrono::milliseconds delay) {
  return [delay](const FakeRequest& request, const Handler& peer) {
    FakeAnswer answer = peer(request);
    answer.delay = delay;
    return answer;
  };
}

void Faults::next(const Fault& fault, std::size_t times) {
  next_.insert(next_.end(), times, fault);
}

void Faults::whenever(Picks picks, Fault fault) {
  rules_.push_back({std::move(picks), std::move(fault)});
}

void Faults::always(Fault fault) {
  whenever([](const FakeRequest&) { return true; }, std::move(fault));
}

void Faults::clear() {
  next_.clear();
  rules_.clear();
}

void Faults::hold_back(std::size_t times) {
  const auto hold = [this](const FakeRequest& request, const Handler& peer) {
    held_.push_back({request, peer});
    FakeAnswer answer;
    answer.delivered = Delivered::nothing;
    return answer;
  };
  next(hold, times);
}

void Faults::release() {
  for (const Held& held : std::exchange(held_, {})) held.peer(held.request);
}

Handler Faults::before(Handler peer) {
  return [this, peer = std::move(peer)](const FakeRequest& request) {
    if (!next_.empty()) {
      const Fault fault = std::move(next_.front());
      next_.pop_front();
      return fault(request, peer);
    }
    for (const Rule& rule : rules_) {
      if (rule.picks(request)) return rule.fault(request, peer);
    }
    return peer(request);
  };
}

}  // namespace connector::support
