// What one pass has with the Bitbucket server as a whole, whatever it asks of it: a login that is tried once
// before anything is sent side by side, what the server can do, and when to leave it alone.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "bitbucket/answers.hh"
#include "core/peer/capabilities.hh"
#include "core/peer/delivery.hh"
#include "core/peer/login_proof.hh"
#include "core/saved_state.hh"
#include "http/engine.hh"
#include "pass/outcome.hh"
#include "pass/settings.hh"
#include "report/log.hh"

namespace connector::pass {

/// Where the credential comes from, for messages.
constexpr std::string_view credential_settings =
    "bitbucket.username and bitbucket.password (BITBUCKET_USERNAME, BITBUCKET_PASSWORD) or bitbucket.token "
    "(BITBUCKET_TOKEN)";

/// When a refused login is tried again, as a person wants to read it.
std::string retry_text(const LoginRefusal& refusal);

/// What a server that can do this is used for where bitbucket.api says so.
Capabilities as_configured(Capabilities capabilities, config::BitbucketApi api);

class BitbucketSession {
 public:
  /// Begins a request by send(), or finds that there is nothing to ask.
  using Work = std::function<void()>;
  using Answered = std::function<void(const http::Outcome&)>;

  /// All must outlive the session, and the session the engine's run().
  BitbucketSession(http::Engine& engine, const Settings& settings, SavedState& state, Causes& causes,
                   const report::Log& log)
      : engine_(engine), settings_(settings), state_(state), causes_(causes), log_(log) {}
  BitbucketSession(const BitbucketSession&) = delete;
  BitbucketSession& operator=(const BitbucketSession&) = delete;
  ~BitbucketSession() = default;

  /// Whether nothing more is sent in this pass: after a refused login or too many failures in a row.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  /// Queues work; `now` is Buildkite's clock. Until the login has worked in this pass, one request is in
  /// flight: a wrong password costs one failed login, not eight. A login that was refused by an earlier pass
  /// is not tried before its time.
  void enqueue(Work work, Timestamp now);

  /// For Work: sends a request of which `answered` reads the outcome and calls conclude().
  void send(http::Request request, Answered answered);

  /// What the server can do, as bitbucket.api bends it. For Work, which begins when it is known.
  [[nodiscard]] Capabilities capabilities() const;
  /// The server took a status without the characters outside the basic plane, which it had refused with them.
  void note_plainer_text_taken();

  /// The delivery as LoginProof understands it after what was answered in this pass.
  [[nodiscard]] Delivery judged(Delivery delivery) { return login_.judged(std::move(delivery)); }

  /// Draws the conclusions of an answer for the session, and makes a failure known: `what` failed.
  void conclude(const Delivery& delivery, std::string_view what,
                std::initializer_list<report::Field> fields = {});

  /// The login is right, but the account may not use the server at all.
  void stop_for_lack_of_rights(const Delivery& delivery);

 private:
  void go_on();
  [[nodiscard]] bool login_may_be_tried();
  [[nodiscard]] bool capabilities_known() const;
  [[nodiscard]] bool capabilities_fresh() const;
  void learn_capabilities();
  void learn_version();
  void take_capabilities(Capabilities capabilities);
  void fail_to_learn(const Delivery& delivery);
  void remember_refusal(const Delivery& delivery);
  void login_works();
  void tell(const Delivery& delivery, std::string_view what, std::initializer_list<report::Field> fields);

  http::Engine& engine_;
  const Settings& settings_;
  SavedState& state_;
  Causes& causes_;
  const report::Log& log_;
  std::deque<Work> waiting_;
  LoginProof login_;
  Timestamp now_{};
  unsigned in_flight_ = 0;
  unsigned failures_in_a_row_ = 0;
  unsigned failures_told_ = 0;
  unsigned plainer_texts_taken_ = 0;
  bool basic_plane_only_ = false;
  bool stopped_ = false;
};

}  // namespace connector::pass
