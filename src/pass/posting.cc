#include "pass/posting.hh"

#include <utility>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/status_request.hh"
#include "core/doubt.hh"

namespace connector::pass {
namespace {

constexpr std::chrono::hours capabilities_last{24};

/// Servers of one peer may disagree about the time by this much.
constexpr std::chrono::minutes clock_steps{5};

/// A peer that failed this often in a row is left alone until the next pass.
constexpr unsigned patience = 10;

std::string short_commit(const StatusKey& key) {
  return key.commit.substr(0, 12);
}

}  // namespace

void Posting::queue(const std::vector<std::size_t>& statuses, const std::vector<std::size_t>& doubts,
                    Timestamp now) {
  now_ = now;
  for (const std::size_t position : statuses) {
    state_.ledger.at(position).in_hand = true;
    waiting_.push_back(position);
  }
  for (const std::size_t position : doubts) {
    state_.ledger.at(position).in_hand = true;
    doubts_.push_back(position);
  }
  send_waiting();
}

/// Until the login has worked once in this pass, one request is in flight: a wrong password must cost one
/// failed login, not eight (five lock the account).
void Posting::send_waiting() {
  const auto work_left = [this] { return !waiting_.empty() || !doubts_.empty(); };
  while (!stopped_ && work_left() && in_flight_ < (login_proven_ ? settings_.parallel_posts : 1)) {
    if (!capabilities_known()) return learn_capabilities();
    const bool posts = !waiting_.empty();
    auto& queue = posts ? waiting_ : doubts_;
    const std::size_t position = queue.front();
    queue.pop_front();
    posts ? send(position) : check(position);
  }
}

bool Posting::capabilities_known() const {
  if (settings_.api == config::BitbucketApi::build_status) return true;
  if (!state_.capabilities) return false;
  const auto age = now_ - state_.capabilities->learned;
  return age < capabilities_last &&
         age >= -clock_steps;  // what was learned in the future is a wrong Date's work
}

/// What the server said, as bitbucket.api bends it. The state keeps what the server said, so that a changed
/// setting takes effect at once.
Capabilities Posting::capabilities() const {
  if (settings_.api == config::BitbucketApi::build_status) return {};
  Capabilities capabilities = *state_.capabilities;
  if (settings_.api == config::BitbucketApi::builds) capabilities.repository_builds = true;
  return capabilities;
}

/// send_waiting() goes on when the request is answered.
void Posting::learn_capabilities() {
  ++in_flight_;
  engine_.submit(bitbucket::capabilities_request(),
                 [this](const http::Outcome& outcome) { take_capabilities(outcome); });
}

void Posting::take_capabilities(const http::Outcome& outcome) {
  --in_flight_;
  auto answer = bitbucket::read_capabilities(outcome);
  if (const auto* delivery = std::get_if<Delivery>(&answer)) {
    add_cause(delivery->result);
    if (delivery->result == DeliveryResult::bad_login) {
      tell_bad_login(*delivery);
    } else {
      log_.error("cannot learn what the Bitbucket server can do: " + delivery->text);
    }
    stopped_ = true;
    return;
  }
  const auto* capabilities = std::get_if<Capabilities>(&answer);
  state_.capabilities = capabilities != nullptr ? *capabilities : Capabilities{};
  state_.capabilities->learned = now_;
  send_waiting();
}

void Posting::send(std::size_t position) {
  LedgerEntry& entry = state_.ledger.at(position);
  if (!entry.outgoing || !entry.written_ahead) {  // a later read showed something else: that is planned anew
    entry.in_hand = false;
    return;
  }
  const BuildStatus& status = entry.outgoing->status;
  const Told posted = told_by(status);
  if (const auto reason = unsendable_reason(status)) {
    bury(give_up(entry, posted, *reason, now_));
    return;
  }
  auto request = bitbucket::status_request(entry.key, status, capabilities());
  if (!request) {  // the server has no word for this state: there is nothing to tell it
    settle(entry, posted, {DeliveryResult::delivered, false, {}}, now_);
    return;
  }
  ++in_flight_;
  entry.in_flight = true;
  engine_.submit(std::move(*request), [this, position, posted](const http::Outcome& outcome) {
    --in_flight_;
    state_.ledger.at(position).in_flight = false;
    take_delivery(position, posted,
                  bitbucket::read_delivery(outcome, state_.ledger.at(position).key.repository));
    send_waiting();
  });
}

void Posting::take_delivery(std::size_t position, const Told& posted, const Delivery& delivery) {
  LedgerEntry& entry = state_.ledger.at(position);
  if (auto letter = settle(entry, posted, delivery, now_)) bury(std::move(*letter));
  if (delivery.result != DeliveryResult::delivered) {
    note_failure(entry, delivery);
    return;
  }
  login_works();
  ++counts_.posted;
  log_.info("posted", {{"state", std::string(word_of(posted.state))},
                       {"pipeline", entry.pipeline},
                       {"build", std::to_string(posted.build_number)},
                       {"commit", short_commit(entry.key)},
                       {"repository", entry.key.repository.project + "/" + entry.key.repository.slug}});
  entry.in_hand = false;  // if it changed while the request was in flight, it is planned anew
}

/// Reads the record of a key for which posts got no answer.
void Posting::check(std::size_t position) {
  ++in_flight_;
  engine_.submit(bitbucket::record_request(state_.ledger.at(position).key, capabilities()),
                 [this, position](const http::Outcome& outcome) {
                   --in_flight_;
                   take_reading(position, outcome);
                   send_waiting();
                 });
}

void Posting::take_reading(std::size_t position, const http::Outcome& outcome) {
  LedgerEntry& entry = state_.ledger.at(position);
  const auto answer = bitbucket::read_record(outcome, entry.key);
  const auto* failure = std::get_if<Delivery>(&answer);
  const bool refused = failure != nullptr && (failure->result == DeliveryResult::refused ||
                                              failure->result == DeliveryResult::not_permitted ||
                                              failure->result == DeliveryResult::no_repository);
  if (failure != nullptr && !refused) {
    note_failure(entry, *failure);
    return;
  }
  login_works();
  if (!entry.told) return;
  const auto* record = std::get_if<std::optional<bitbucket::Record>>(&answer);
  const bool agrees =
      record != nullptr && *record && bitbucket::shows(**record, entry.key, *entry.told, capabilities());
  settle_check(entry, agrees ? Reading::agrees : Reading::differs, now_);
  entry.in_hand = false;
  if (agrees) return;
  log_.info(refused ? "Bitbucket does not tell what it shows, so it is told again: " + failure->text
                    : "Bitbucket shows something else than it was told, which is told again",
            {{"pipeline", entry.pipeline}, {"commit", short_commit(entry.key)}});
}

void Posting::note_failure(const LedgerEntry& entry, const Delivery& delivery) {
  switch (delivery.result) {
    case DeliveryResult::delivered:
      return;
    case DeliveryResult::refused:
    case DeliveryResult::not_permitted:
    case DeliveryResult::no_repository:
      login_works();  // the server looked at the request, so it took the login
      ++counts_.refused;
      if (delivery.result == DeliveryResult::not_permitted) not_permitted_.insert(entry.key.repository);
      if (entry.outgoing) tell_failure("a status was refused and is tried again later", entry, delivery);
      return;
    case DeliveryResult::try_later:
    case DeliveryResult::not_the_api:
    case DeliveryResult::moved:
      add_cause(delivery.result);
      tell_failure("a status was not delivered", entry, delivery);
      if (++failures_in_a_row_ >= patience) stopped_ = true;
      return;
    case DeliveryResult::proxy_login:
      add_cause(delivery.result);
      tell_failure("nothing more is posted in this pass", entry, delivery);
      stopped_ = true;
      return;
    case DeliveryResult::bad_login:
      add_cause(delivery.result);
      tell_bad_login(delivery);
      stopped_ = true;
      return;
  }
}

void Posting::tell_bad_login(const Delivery& delivery) const {
  log_.error("Bitbucket refused the login, so nothing more is posted in this pass: " + delivery.text +
             "; check bitbucket.username and bitbucket.password (BITBUCKET_USERNAME, BITBUCKET_PASSWORD) or "
             "bitbucket.token (BITBUCKET_TOKEN)");
}

/// The first failures are what a person has to see; a thousand more of them would only be mail.
void Posting::tell_failure(std::string_view what, const LedgerEntry& entry, const Delivery& delivery) {
  constexpr unsigned shown = 3;
  const std::string message = std::string(what) + ": " + delivery.text;
  const std::initializer_list<report::Field> fields = {{"pipeline", entry.pipeline},
                                                       {"build", std::to_string(entry.build_number)},
                                                       {"commit", short_commit(entry.key)}};
  if (delivery.result == DeliveryResult::refused) {
    log_.info(message, fields);
  } else if (++failures_told_ <= shown) {
    log_.error(message, fields);
  } else {
    log_.debug(message, fields);
  }
}

void Posting::login_works() {
  login_proven_ = true;
  failures_in_a_row_ = 0;
  causes_.worked(http::PeerId::bitbucket);
}

void Posting::add_cause(DeliveryResult result) {
  switch (result) {
    case DeliveryResult::bad_login:
    case DeliveryResult::proxy_login:
    case DeliveryResult::not_permitted:
      causes_.add(ExitStatus::no_permission);
      return;
    case DeliveryResult::not_the_api:
      causes_.not_the_api(http::PeerId::bitbucket);
      return;
    case DeliveryResult::try_later:
    case DeliveryResult::moved:
      causes_.add(ExitStatus::temp_fail);
      return;
    case DeliveryResult::refused:
    case DeliveryResult::no_repository:
      causes_.add(ExitStatus::protocol);
      return;
    case DeliveryResult::delivered:
      return;
  }
}

void Posting::bury(DeadLetter letter) {
  ++counts_.dead_letters;
  causes_.add(ExitStatus::incomplete);
  log_.error("a status is given up until its build changes: " + letter.reason,
             {{"pipeline", letter.pipeline},
              {"build", std::to_string(letter.build_number)},
              {"commit", short_commit(letter.key)}});
  state_.dead_letters.push_back(std::move(letter));
}

}  // namespace connector::pass
