#include "core/ledger/settle.hh"

#include <algorithm>
#include <utility>

#include "core/ledger/doubt.hh"

namespace connector {

std::chrono::milliseconds refusal_backoff(unsigned refusals) {
  constexpr std::chrono::minutes first{5};
  constexpr unsigned enough_doublings = 7;  // 5 minutes << 7 is beyond 6 hours
  return std::min<std::chrono::minutes>(first * (1U << std::min(refusals, enough_doublings)),
                                        longest_backoff);
}

DeadLetter give_up(LedgerEntry& entry, const Told& posted, std::string reason, Timestamp now) {
  entry.outgoing.reset();
  entry.given_up = posted;
  return DeadLetter{entry.key, entry.pipeline, posted.build_number, now, std::move(reason)};
}

std::optional<DeadLetter> settle(LedgerEntry& entry, const Told& posted, const Delivery& delivery,
                                 Timestamp now) {
  const bool still_waiting = entry.outgoing && told_by(entry.outgoing->status) == posted;
  if (delivery.may_have_arrived) doubt(entry, posted, now);
  switch (delivery.result) {
    case DeliveryResult::delivered:
      entry.told = posted;
      entry.given_up.reset();
      if (still_waiting) {
        if (entry.build_open || entry.doubt) entry.last_status = std::move(entry.outgoing->status);
        entry.outgoing.reset();
      }
      return std::nullopt;
    case DeliveryResult::try_later:
    case DeliveryResult::not_the_api:
      if (still_waiting) ++entry.outgoing->failures;
      return std::nullopt;
    case DeliveryResult::bad_login:
    case DeliveryResult::proxy_login:
    case DeliveryResult::moved:
    case DeliveryResult::not_permitted:
    case DeliveryResult::no_repository:
      return std::nullopt;
    case DeliveryResult::refused:
      return still_waiting ? refuse(entry, delivery.text, now) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<DeadLetter> refuse(LedgerEntry& entry, std::string reason, Timestamp now) {
  Outgoing& waiting = *entry.outgoing;
  if (!waiting.first_refused) waiting.first_refused = now;
  const bool tried_long = now - *waiting.first_refused >= refusal_patience;
  if (tried_long && waiting.refusals + 1 >= least_refusals) {
    return give_up(entry, told_by(waiting.status), std::move(reason), now);
  }
  waiting.not_before = now + refusal_backoff(waiting.refusals++);
  return std::nullopt;
}

}  // namespace connector
