#include "pass/posting.hh"

#include <string>
#include <utility>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/status_request.hh"
#include "core/build/status_names.hh"
#include "core/build/status_text.hh"
#include "core/ledger/doubt.hh"
#include "core/ledger/parking.hh"

namespace connector::pass {
namespace {

/// Whether an answer is about the repository and not about the status.
bool closes_repository(DeliveryResult result) {
  return result == DeliveryResult::not_permitted || result == DeliveryResult::no_repository;
}

StatusResult result_of(DeliveryResult result) {
  if (result == DeliveryResult::delivered) return StatusResult::posted;
  return result == DeliveryResult::refused || closes_repository(result) ? StatusResult::refused
                                                                        : StatusResult::not_delivered;
}

}  // namespace

void Posting::queue(const std::vector<std::size_t>& statuses, const std::vector<std::size_t>& doubts,
                    Timestamp now) {
  now_ = now;
  for (const std::size_t position : statuses) {
    state_.ledger.at(position).in_hand = true;
    session_.enqueue([this, position] { send(position); }, now);
  }
  if (settings_.dry_run) return;
  for (const std::size_t position : doubts) {
    state_.ledger.at(position).in_hand = true;
    session_.enqueue([this, position] { check(position); }, now);
  }
}

void Posting::send(std::size_t position) {
  LedgerEntry& entry = state_.ledger.at(position);
  const bool overtaken = !entry.outgoing || !entry.written_ahead;  // that is planned anew
  if (overtaken || is_parked(state_.parked, entry.key.repository, now_)) {
    entry.in_hand = false;
    return;
  }
  const Told posted = told_by(entry.outgoing->status);
  if (const auto reason = unsendable_reason(entry.outgoing->status)) {
    bury(give_up(entry, posted, *reason, now_));
    return;
  }
  post(position, session_.capabilities().basic_plane_only ? Text::basic_plane : Text::whole);
}

void Posting::post(std::size_t position, Text text) {
  LedgerEntry& entry = state_.ledger.at(position);
  const BuildStatus& status = entry.outgoing->status;
  const Told posted = told_by(status);
  auto request = bitbucket::status_request(
      entry.key, text == Text::whole ? status : within_basic_plane(status), session_.capabilities());
  if (!request) {  // the server has no word for this state: there is nothing to tell it
    settle(entry, posted, {DeliveryResult::delivered, false, {}}, now_);
    return;
  }
  if (settings_.dry_run) return report(entry, StatusResult::planned);
  entry.in_flight = true;
  // The repository may have another name in the ledger when the answer comes.
  session_.send(std::move(*request), [this, position, posted, text,
                                      asked = entry.key.repository](const http::Outcome& outcome) {
    state_.ledger.at(position).in_flight = false;
    take_delivery(position, posted, text, asked, session_.judged(bitbucket::read_delivery(outcome, asked)));
  });
}

void Posting::report(const LedgerEntry& entry, StatusResult result) {
  if (!settings_.dry_run && !settings_.keeps_statuses) return;
  const BuildStatus& status = entry.outgoing->status;
  const auto state = bitbucket::told_state(entry.key, status.state, session_.capabilities());
  statuses_.push_back(
      {entry.key, entry.pipeline, status, state.value_or(status.state), reason_of(entry), result});
}

void Posting::take_delivery(std::size_t position, const Told& posted, Text text, const Repository& asked,
                            const Delivery& delivery) {
  LedgerEntry& entry = state_.ledger.at(position);
  if (may_be_sent_plainer(position, posted, text, delivery)) {
    if (delivery.may_have_arrived) doubt(entry, posted, now_);
    post(position, Text::basic_plane);
    return;
  }
  if (entry.outgoing) report(entry, result_of(delivery.result));
  if (auto letter = settle(entry, posted, delivery, now_)) bury(std::move(*letter));
  if (delivery.result != DeliveryResult::delivered) return take_failure(position, asked, delivery);
  if (text == Text::basic_plane) session_.note_plainer_text_taken();
  note_delivered(entry, posted);
}

/// A database that takes no characters outside the basic plane makes the server answer 400 or 500.
bool Posting::may_be_sent_plainer(std::size_t position, const Told& posted, Text text,
                                  const Delivery& delivery) const {
  const LedgerEntry& entry = state_.ledger.at(position);
  if (!delivery.may_be_the_text || text == Text::basic_plane || session_.stopped()) return false;
  return entry.outgoing && told_by(entry.outgoing->status) == posted &&
         within_basic_plane(entry.outgoing->status) != entry.outgoing->status;
}

void Posting::take_failure(std::size_t position, const Repository& asked, const Delivery& delivery) {
  LedgerEntry& entry = state_.ledger.at(position);
  if (delivery.result == DeliveryResult::moved) return follow(entry, asked, delivery);
  if (delivery.result == DeliveryResult::refused || closes_repository(delivery.result)) ++counts_.refused;
  const bool refused = delivery.result == DeliveryResult::refused;
  session_.conclude(delivery,
                    refused ? "a status was refused and is tried again later" : "a status was not delivered",
                    {{"pipeline", entry.pipeline},
                     {"build", std::to_string(entry.build_number)},
                     {"commit", short_commit(entry.key)}});
  if (closes_repository(delivery.result)) close_repository(asked, delivery);
}

void Posting::note_delivered(LedgerEntry& entry, const Told& posted) {
  session_.conclude({DeliveryResult::delivered, false, {}}, {});
  ++counts_.posted;
  state_.parked.erase(entry.key.repository);
  const auto state = bitbucket::told_state(entry.key, posted.state, session_.capabilities());
  log_.info("posted", {{"state", std::string(word_of(state.value_or(posted.state)))},
                       {"pipeline", entry.pipeline},
                       {"build", std::to_string(posted.build_number)},
                       {"commit", short_commit(entry.key)},
                       {"repository", name_of(entry.key.repository)}});
  entry.in_hand = false;  // if it changed while the request was in flight, it is planned anew
}

/// Reads the record of a key for which posts got no answer.
void Posting::check(std::size_t position) {
  const StatusKey asked = state_.ledger.at(position).key;
  session_.send(
      bitbucket::record_request(asked, session_.capabilities()),
      [this, position, asked](const http::Outcome& outcome) { take_reading(position, asked, outcome); });
}

void Posting::take_reading(std::size_t position, const StatusKey& asked, const http::Outcome& outcome) {
  LedgerEntry& entry = state_.ledger.at(position);
  const auto answer = bitbucket::read_record(outcome, asked);
  const auto* failure = std::get_if<Delivery>(&answer);
  const Delivery delivery =
      session_.judged(failure == nullptr ? Delivery{DeliveryResult::delivered, false, {}} : *failure);
  if (delivery.result == DeliveryResult::moved) return follow(entry, asked.repository, delivery);
  session_.conclude(delivery, "a status could not be read",
                    {{"pipeline", entry.pipeline}, {"commit", short_commit(entry.key)}});
  const bool answered = delivery.result == DeliveryResult::delivered ||
                        delivery.result == DeliveryResult::refused || closes_repository(delivery.result);
  if (!answered || !entry.told) return;
  const auto* record = std::get_if<std::optional<bitbucket::Record>>(&answer);
  const bool agrees = record != nullptr && *record &&
                      bitbucket::shows(**record, entry.key, *entry.told, session_.capabilities());
  settle_check(entry, agrees ? Reading::agrees : Reading::differs, now_);
  entry.in_hand = false;
  if (agrees) return;
  log_.info("Bitbucket does not show what it was told, so it is told again",
            {{"pipeline", entry.pipeline}, {"commit", short_commit(entry.key)}});
}

void Posting::close_repository(const Repository& repository, const Delivery& delivery) {
  // On the old endpoint it is about the account; where that is the only one, nothing can be posted.
  if (!session_.capabilities().repository_builds) {
    session_.stop_for_lack_of_rights(delivery);
    return;
  }
  closed_.emplace(repository, delivery);
  for (auto& letter : park(state_.parked, state_.ledger, repository, delivery.text, now_))
    bury(std::move(letter));
}

/// The repository has another name: all that is known of it goes on under that, and what waits is posted
/// there by the next round. A redirect that leads on from where one has led in this pass is not followed.
void Posting::follow(LedgerEntry& entry, const Repository& from, const Delivery& delivery) {
  const Repository& to = delivery.moved_to;
  const bool known = present_name(state_.repositories, from) == to;  // another answer told so before
  if (!known && followed_.contains(from)) {
    session_.conclude({DeliveryResult::not_the_api, false, delivery.text}, "a repository was moved twice");
    return;
  }
  entry.in_hand = false;
  session_.conclude(delivery, {});
  if (known) return;
  followed_.insert(to);
  log_.warn(
      "the repository has another name now, and its builds are reported there; correct the clone URL of its "
      "pipelines when convenient",
      {{"from", name_of(from)}, {"to", name_of(to)}});
  note_rename(state_.repositories, from, to, now_);
  state_.ledger.rename(from, to);
  state_.parked.erase(from);
}

void Posting::bury(DeadLetter letter) {
  constexpr unsigned shown = 3;
  ++counts_.dead_letters;
  causes_.add(ExitStatus::incomplete);
  const std::string message = "a status is given up until its build changes: " + letter.reason;
  const std::initializer_list<report::Field> fields = {{"pipeline", letter.pipeline},
                                                       {"build", std::to_string(letter.build_number)},
                                                       {"commit", short_commit(letter.key)}};
  if (++buried_ <= shown) {
    log_.error(message, fields);
  } else {
    log_.info(message, fields);
  }
  state_.dead_letters.push_back(std::move(letter));
}

}  // namespace connector::pass
