// Questions about repositories that --check asks side by side, and gives up together when the next ones would
// meet the same trouble.
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "core/exit_status.hh"
#include "core/peer/delivery.hh"
#include "core/peer/login_proof.hh"
#include "http/engine.hh"

namespace connector::check {

/// What a pass would end with that got this answer.
ExitStatus cause_of(DeliveryResult result);

class Questions {
 public:
  using Answered = std::function<void(const http::Outcome&)>;

  /// `at_once` questions are in flight once the login is proven, until then one. The engine and the login
  /// must outlive this, and this run().
  Questions(http::Engine& engine, LoginProof& login, unsigned at_once)
      : engine_(engine), login_(login), at_once_(at_once) {}
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;
  ~Questions() = default;

  /// May be called by `answered`, too, which judges what it reads.
  void ask(http::Request request, Answered answered);
  /// Returns when all is answered or given up.
  void run() { engine_.run(); }

  /// Takes note of a success.
  void succeed();
  /// The failure as it is to be understood. After a refused login, or too many failures in a row, nothing
  /// more is asked.
  [[nodiscard]] Delivery judged(const Delivery& failure);

  /// Whether what was not answered was given up, and should not count as looked at.
  [[nodiscard]] bool given_up() const { return stopped_ || !engine_.accepting(); }
  [[nodiscard]] bool login_refused() const noexcept { return login_refused_; }

 private:
  void go_on();

  http::Engine& engine_;
  LoginProof& login_;
  unsigned at_once_;
  unsigned in_flight_ = 0;
  unsigned failures_in_a_row_ = 0;
  bool stopped_ = false;
  bool login_refused_ = false;
  std::deque<std::pair<http::Request, Answered>> waiting_;
};

}  // namespace connector::check
