#include "http/engine.hh"

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

#include "core/peer/rate_headers.hh"
#include "core/text/duration.hh"
#include "core/text/text.hh"
#include "http/answer_facts.hh"

namespace connector::http {
namespace {

constexpr std::array<PeerId, peer_count> all_peers = {PeerId::buildkite, PeerId::bitbucket, PeerId::snitch,
                                                      PeerId::ping, PeerId::pushgateway};

std::string about(const Request& request) {
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  return printable(std::string(name_of(request.peer)) + ' ' + std::string(path));
}

}  // namespace

Engine::Engine(Wire& wire, EngineSettings settings, std::function<bool()> stop_requested)
    : wire_(wire), settings_(settings), stop_requested_(std::move(stop_requested)), random_(settings.seed) {
  for (const PeerId id : all_peers) {
    Peer& peer = peer_of(id);
    peer.parallel = std::max(settings_.parallel[static_cast<std::size_t>(id)], 1U);
    peer.allowed = peer.parallel;
  }
}

void Engine::submit(Request request, Completion completion) {
  const Turn turn{wire_.now(), ++submitted_};
  Peer& peer = peer_of(request.peer);
  peer.waiting.emplace(turn, Job{turn, std::move(request), std::move(completion), 0, 0, std::nullopt});
}

void Engine::run(const std::function<void()>& watch) {
  while (has_work()) {
    const bool open = accepting();
    if (!open && !ended_at_) ended_at_ = wire_.now();
    for (const PeerId id : all_peers) {
      if (open) {
        begin_ready(id);
      } else {
        complete_unbegun(peer_of(id), stop_requested_() ? "the pass was told to stop"
                                                        : "the pass has reached its deadline");
      }
    }
    if (ended_at_ && wire_.now() >= *ended_at_ + settings_.grace) abort_in_flight();
    if (!has_work()) continue;
    if (watch) watch();
    for (Arrival& arrival : wire_.wait(next_event())) take(std::move(arrival));
  }
}

bool Engine::accepting() const {
  return !stop_requested_() && !too_late(wire_.now());
}

Quota Engine::quota(PeerId peer) const {
  const Peer& asked = peer_of(peer);
  const auto unanswered = static_cast<std::int64_t>(asked.in_flight + asked.waiting.size());
  Quota left = asked.quota;
  for (RateLimit* bucket : {&left.organization, &left.user}) {
    if (bucket->remaining) bucket->remaining = std::max<std::int64_t>(*bucket->remaining - unanswered, 0);
  }
  return left;
}

Steady Engine::wait_left(PeerId peer) const {
  const Peer& asked = peer_of(peer);
  return asked.waiting.empty() ? Steady{0} : std::max(asked.paused_until - wire_.now(), Steady{0});
}

bool Engine::has_waiting() const {
  return std::any_of(peers_.begin(), peers_.end(), [](const Peer& peer) { return !peer.waiting.empty(); });
}

bool Engine::has_work() const {
  return has_waiting() || std::any_of(in_flight_.begin(), in_flight_.end(),
                                      [](const auto& job) { return job.second.request.awaited; });
}

bool Engine::too_late(Steady time) const {
  const bool beyond_deadline = settings_.deadline && time >= *settings_.deadline;
  return beyond_deadline || time - wire_.now() > settings_.longest_wait;
}

/// A bucket that is nearly empty narrows the parallelism too: of requests sent side by side the last ones
/// would be refused. One always goes, since only an answer tells of a refill.
unsigned Engine::limit(const Peer& peer) {
  std::int64_t limit = peer.allowed;
  for (const RateLimit* bucket : {&peer.quota.organization, &peer.quota.user}) {
    limit = std::min(limit, bucket->remaining.value_or(limit));
  }
  return std::max(static_cast<unsigned>(limit), 1U);
}

Steady Engine::next_event() const {
  if (ended_at_) return has_waiting() ? wire_.now() : *ended_at_ + settings_.grace;
  Steady next = settings_.deadline.value_or(Steady::max());
  for (const Peer& peer : peers_) {
    if (peer.waiting.empty() || peer.in_flight >= limit(peer)) continue;
    next = std::min(next, std::max(peer.paused_until, peer.waiting.begin()->first.first));
  }
  return next;
}

void Engine::begin_ready(PeerId id) {
  Peer& peer = peer_of(id);
  const Steady now = wire_.now();
  if (peer.paused_until > now && too_late(peer.paused_until)) {
    complete_unbegun(peer, std::string(name_of(id)) + " asks us to wait for " +
                               duration_in_words(peer.paused_until - now) + ", longer than this pass can");
    return;
  }
  if (peer.paused_until > now) return;
  while (!peer.waiting.empty() && peer.in_flight < limit(peer)) {
    if (peer.waiting.begin()->first.first > now) break;
    begin(peer, std::move(peer.waiting.extract(peer.waiting.begin()).mapped()));
  }
}

void Engine::begin(Peer& peer, Job job) {
  const Ticket ticket = ++last_ticket_;
  ++job.tries;
  ++peer.counts.requests;
  ++peer.in_flight;
  const Job& begun = in_flight_.emplace(ticket, std::move(job)).first->second;
  wire_.start(ticket, begun.request);
}

void Engine::complete_unbegun(Peer& peer, const std::string& reason) {
  for (auto& [turn, job] : std::exchange(peer.waiting, {})) {
    if (job.last) {
      job.completion(std::move(*job.last));
    } else {
      job.completion(Failure{FailureKind::not_begun, false, about(job.request) + ": not sent, " + reason});
    }
  }
}

void Engine::abort_in_flight() {
  for (auto& [ticket, job] : std::exchange(in_flight_, {})) {
    wire_.abort(ticket);
    --peer_of(job.request.peer).in_flight;
    job.completion(Failure{FailureKind::unreachable, job.request.method != Method::get,
                           about(job.request) + ": no answer before the pass had to end"});
  }
}

void Engine::take(Arrival arrival) {
  const auto found = in_flight_.find(arrival.ticket);
  if (found == in_flight_.end()) return;  // given up in the meantime
  Job job = std::move(found->second);
  in_flight_.erase(found);
  Peer& peer = peer_of(job.request.peer);
  --peer.in_flight;
  learn(peer, arrival.outcome);
  if (auto* failure = std::get_if<Failure>(&arrival.outcome)) {
    failure->may_have_arrived = failure->may_have_arrived || job.may_have_arrived;
    job.may_have_arrived = failure->may_have_arrived;
  } else {
    auto& response = std::get<Response>(arrival.outcome);
    response.earlier_may_arrive = job.may_have_arrived;
    job.may_have_arrived |= job.request.method == Method::post && response.status >= 500;
  }

  const RetryDecision decision = judge(peer, job, arrival.outcome);
  if (decision.action == RetryAction::pause) pause(peer, decision.wait);
  const Steady again = wire_.now() + decision.wait;
  if (decision.action == RetryAction::finish || !accepting() || too_late(again)) {
    job.completion(std::move(arrival.outcome));
    return;
  }
  if (decision.action == RetryAction::pause) {
    --job.tries;
    ++job.pauses;  // and keeps its turn: the pause holds it back
  } else {
    ++peer.counts.retries;
    job.turn.first = again;
  }
  job.last = std::move(arrival.outcome);
  const Turn turn = job.turn;
  peer.waiting.emplace(turn, std::move(job));
}

void Engine::learn(Peer& peer, const Outcome& outcome) {
  const auto* response = std::get_if<Response>(&outcome);
  if (response == nullptr) {
    ++peer.counts.failures;
    return;
  }
  ++peer.counts.answers[response->status];
  const auto date = date_of(*response);
  if (date && is_conceivable(*date)) peer.date = std::max(peer.date, date);
  const bool pushed_back = response->status == 429 || response->status == 503;
  if (!pushed_back && peer.paused_until <= wire_.now()) {
    peer.allowed = std::min(peer.allowed + 1, peer.parallel);
  }
  if (const auto quota = quota_of(*response)) {
    peer.quota = *quota;
    const auto refill = wait_for_refill(*quota);
    if (refill && !pushed_back) {
      peer.paused_until = std::max(peer.paused_until, wire_.now() + pause_for(*refill, fraction()));
    }
  }
}

RetryDecision Engine::judge(const Peer& peer, const Job& job, const Outcome& outcome) {
  AttemptResult result{.tries = job.tries, .pauses = job.pauses, .status = 0, .hint = std::nullopt};
  if (const auto* response = std::get_if<Response>(&outcome)) {
    result.status = response->status;
    result.hint = hint_of(*response);
  } else if (std::get<Failure>(outcome).kind != FailureKind::unreachable) {
    return {};
  }
  if (!job.request.awaited) return {};
  const bool budget_left = peer.counts.retries < retry_budget(peer.counts.requests);
  return decide_retry(result, budget_left, fraction());
}

void Engine::pause(Peer& peer, Steady wait) {
  peer.paused_until = std::max(peer.paused_until, wire_.now() + wait);
  peer.allowed = 1;
}

double Engine::fraction() {
  return static_cast<double>(random_() >> 11U) * 0x1.0p-53;
}

}  // namespace connector::http
