#include "pass/bitbucket_session.hh"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "bitbucket/properties.hh"
#include "bitbucket/status_request.hh"
#include "core/peer/login_refusal.hh"
#include "core/peer/server_version.hh"

namespace connector::pass {
namespace {

constexpr std::chrono::hours capabilities_last{24};

/// Servers of one peer may disagree about the time by this much.
constexpr std::chrono::minutes clock_steps{5};

/// A peer that failed this often in a row is left alone until the next pass.
constexpr unsigned patience = 10;

/// One status that is taken without some characters may be chance, two are the database.
constexpr unsigned enough_plainer_texts = 2;

}  // namespace

std::string retry_text(const LoginRefusal& refusal) {
  const auto next = next_login(refusal);
  return next ? "the same login is not tried again before " + format_seconds(*next)
              : "the same login is not tried again, so that Bitbucket does not lock the account";
}

Capabilities as_configured(Capabilities capabilities, config::BitbucketApi api) {
  if (api == config::BitbucketApi::build_status) return {.basic_plane_only = capabilities.basic_plane_only};
  if (api == config::BitbucketApi::builds) capabilities.repository_builds = true;
  return capabilities;
}

void BitbucketSession::enqueue(Work work, Timestamp now) {
  now_ = now;
  waiting_.push_back(std::move(work));
  go_on();
}

void BitbucketSession::go_on() {
  while (!stopped_ && !waiting_.empty() && in_flight_ < (login_.proven() ? settings_.parallel_posts : 1)) {
    if (!login_may_be_tried()) return;
    if (!capabilities_known()) return learn_capabilities();
    const Work work = std::move(waiting_.front());
    waiting_.pop_front();
    work();
  }
}

void BitbucketSession::send(http::Request request, Answered answered) {
  ++in_flight_;
  engine_.submit(std::move(request), [this, answered = std::move(answered)](const http::Outcome& outcome) {
    --in_flight_;
    answered(outcome);
    go_on();
  });
}

bool BitbucketSession::login_may_be_tried() {
  if (login_.proven() || may_log_in(state_.login_refusal, settings_.login.reveal(), now_)) return true;
  log_.error("Bitbucket refused this login at " + format_seconds(state_.login_refusal->last) + "; " +
             retry_text(*state_.login_refusal) + ". Correct " + std::string(credential_settings) +
             "; what was changed is tried at once");
  causes_.add(ExitStatus::no_permission);
  stopped_ = true;
  return false;
}

bool BitbucketSession::capabilities_known() const {
  return settings_.api == config::BitbucketApi::build_status || capabilities_fresh();
}

bool BitbucketSession::capabilities_fresh() const {
  if (!state_.capabilities) return false;
  const auto age = now_ - state_.capabilities->learned;
  // What was learned in the future is a wrong Date's work.
  return age < capabilities_last && age >= -clock_steps;
}

/// The state keeps what the server said, so that a changed setting takes effect at once.
Capabilities BitbucketSession::capabilities() const {
  Capabilities capabilities = capabilities_fresh() ? *state_.capabilities : Capabilities{};
  capabilities.basic_plane_only |= basic_plane_only_;
  return as_configured(capabilities, settings_.api);
}

void BitbucketSession::note_plainer_text_taken() {
  if (++plainer_texts_taken_ < enough_plainer_texts) return;
  basic_plane_only_ = true;
  if (capabilities_fresh()) state_.capabilities->basic_plane_only = true;
}

void BitbucketSession::learn_capabilities() {
  send(bitbucket::capabilities_request(), [this](const http::Outcome& outcome) {
    const auto answer = bitbucket::read_capabilities(outcome);
    if (const auto* delivery = std::get_if<Delivery>(&answer)) {
      fail_to_learn(*delivery);
    } else if (const auto* known = std::get_if<Capabilities>(&answer)) {
      take_capabilities(*known);
    } else {
      learn_version();
    }
  });
}

/// Servers before 7.14 cannot be asked what they can do, only which version they are.
void BitbucketSession::learn_version() {
  send(bitbucket::properties_request(), [this](const http::Outcome& outcome) {
    const auto answer = bitbucket::read_properties(outcome);
    if (const auto* delivery = std::get_if<Delivery>(&answer)) {
      fail_to_learn(*delivery);
    } else {
      take_capabilities(capabilities_of(std::get<ServerVersion>(answer)));
    }
  });
}

/// No proof of the login: what a server can do may be told to everybody.
void BitbucketSession::take_capabilities(Capabilities capabilities) {
  causes_.worked(http::PeerId::bitbucket);
  capabilities.learned = now_;
  state_.capabilities = capabilities;
}

void BitbucketSession::fail_to_learn(const Delivery& delivery) {
  constexpr auto what = "cannot learn what the Bitbucket server can do";
  if (is_about_the_request(delivery.result)) {
    const bool no_right = delivery.result == DeliveryResult::not_permitted;
    causes_.add(no_right ? ExitStatus::no_permission : ExitStatus::protocol);
    tell(delivery, what, {});
  } else {
    conclude(delivery, what);
  }
  stopped_ = true;
}

void BitbucketSession::conclude(const Delivery& delivery, std::string_view what,
                                std::initializer_list<report::Field> fields) {
  switch (delivery.result) {
    case DeliveryResult::delivered:
    case DeliveryResult::moved:
      login_works();
      return;
    case DeliveryResult::refused:
    case DeliveryResult::not_permitted:
    case DeliveryResult::no_repository:
      login_works();  // the server looked at the request, so it took the login
      log_.info(std::string(what) + ": " + delivery.text, fields);
      return;
    case DeliveryResult::try_later:
      causes_.add(ExitStatus::temp_fail);
      break;
    case DeliveryResult::not_the_api:
      causes_.not_the_api(http::PeerId::bitbucket);
      break;
    case DeliveryResult::proxy_login:
      causes_.add(ExitStatus::no_permission);
      stopped_ = true;
      break;
    case DeliveryResult::bad_login:
      remember_refusal(delivery);
      return;
  }
  tell(delivery, what, fields);
  if (++failures_in_a_row_ >= patience) stopped_ = true;
}

void BitbucketSession::remember_refusal(const Delivery& delivery) {
  state_.login_refusal = refuse_login(state_.login_refusal, settings_.login.reveal(), settings_.salt, now_);
  causes_.add(ExitStatus::no_permission);
  log_.error("Bitbucket refused the login, so nothing more is posted in this pass: " + delivery.text + "; " +
             retry_text(*state_.login_refusal) + ". Check " + std::string(credential_settings));
  stopped_ = true;
}

void BitbucketSession::stop_for_lack_of_rights(const Delivery& delivery) {
  causes_.add(ExitStatus::no_permission);
  log_.error("the account may report no build status, so nothing more is posted in this pass: " +
             delivery.text + "; give it a Bitbucket licence");
  stopped_ = true;
}

void BitbucketSession::login_works() {
  login_.works();
  failures_in_a_row_ = 0;
  state_.login_refusal.reset();
  causes_.worked(http::PeerId::bitbucket);
}

/// The first failures are what a person has to see; a thousand more of them would only be mail.
void BitbucketSession::tell(const Delivery& delivery, std::string_view what,
                            std::initializer_list<report::Field> fields) {
  constexpr unsigned shown = 3;
  const std::string message = std::string(what) + ": " + delivery.text;
  if (++failures_told_ <= shown) {
    log_.error(message, fields);
  } else {
    log_.debug(message, fields);
  }
}

}  // namespace connector::pass
