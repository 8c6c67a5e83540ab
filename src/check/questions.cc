#include "check/questions.hh"

namespace connector::check {
namespace {

/// A server that fails so often in a row is left alone.
constexpr unsigned patience = 10;

}  // namespace

ExitStatus cause_of(DeliveryResult result) {
  switch (result) {
    case DeliveryResult::bad_login:
    case DeliveryResult::proxy_login:
    case DeliveryResult::not_permitted:
      return ExitStatus::no_permission;
    case DeliveryResult::try_later:
      return ExitStatus::temp_fail;
    case DeliveryResult::not_the_api:
    case DeliveryResult::refused:
    case DeliveryResult::moved:
    case DeliveryResult::no_repository:
    case DeliveryResult::delivered:
      break;
  }
  return ExitStatus::protocol;
}

void Questions::ask(http::Request request, Answered answered) {
  waiting_.emplace_back(std::move(request), std::move(answered));
  go_on();
}

void Questions::go_on() {
  while (!stopped_ && !waiting_.empty() && in_flight_ < (login_.proven() ? at_once_ : 1)) {
    auto [request, answered] = std::move(waiting_.front());
    waiting_.pop_front();
    ++in_flight_;
    engine_.submit(std::move(request), [this, answered = std::move(answered)](const http::Outcome& outcome) {
      --in_flight_;
      answered(outcome);
      go_on();
    });
  }
}

void Questions::succeed() {
  login_.works();
  failures_in_a_row_ = 0;
}

Delivery Questions::judged(const Delivery& failure) {
  Delivery understood = login_.judged(failure);
  if (is_about_the_request(understood.result)) {
    succeed();  // the server looked at the request, so it took the login
  } else if (understood.result == DeliveryResult::bad_login) {
    login_refused_ = true;
    stopped_ = true;
  } else if (++failures_in_a_row_ >= patience) {
    stopped_ = true;
  }
  return understood;
}

}  // namespace connector::check
