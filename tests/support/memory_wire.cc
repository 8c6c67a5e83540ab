#include "support/memory_wire.hh"

#include <cstddef>

#include "core/text/text.hh"

namespace connector::support {

namespace {

std::string place_of(const http::Request& request) {
  return "memory.example.com " + request.target.substr(0, request.target.find('?'));
}

http::Failure broken(const http::Request& request, const char* reason) {
  return {http::FailureKind::unreachable, true, place_of(request) + ": " + reason};
}

http::Outcome outcome_of(const FakeAnswer& answer, const http::Request& request) {
  if (answer.delivered == Delivered::nothing)
    return broken(request, "the connection ended without an answer");
  if (answer.delivered == Delivered::cut_body) return broken(request, "the answer ended early");
  if (answer.body.size() > request.body_limit) {
    http::Failure failure = broken(request, "the answer is too large");
    failure.kind = http::FailureKind::not_the_api;
    return failure;
  }
  http::Response response;
  response.status = answer.status;
  response.body = answer.body;
  response.place = place_of(request);
  for (const auto& [name, value] : answer.headers) response.headers.set(ascii_lower(name), value);
  return response;
}

}  // namespace

MemoryWire::MemoryWire(MemoryWireSettings settings)
    : settings_(std::move(settings)), random_(settings_.seed) {}

void MemoryWire::start(http::Ticket ticket, const http::Request& request) {
  awaited_.insert(ticket);
  schedule(latency(), Asked{ticket, request});
}

void MemoryWire::abort(http::Ticket ticket) {
  awaited_.erase(ticket);
}

std::vector<http::Arrival> MemoryWire::wait(http::Steady until) {
  std::vector<http::Arrival> arrivals;
  while (arrivals.empty() && !events_.empty() && events_.begin()->first.first <= until) {
    const http::Steady moment = events_.begin()->first.first;
    move_to(moment);
    while (!events_.empty() && events_.begin()->first.first == moment) {
      auto next = events_.extract(events_.begin());
      happen(std::move(next.mapped()), arrivals);
    }
  }
  const bool for_ever = until == http::Steady::max();
  if (arrivals.empty() && !for_ever) move_to(until);
  return arrivals;
}

void MemoryWire::sleep(std::chrono::milliseconds duration) {
  const http::Steady end = now_ + duration;
  while (now_ < end) static_cast<void>(wait(end));
}

void MemoryWire::schedule(std::chrono::milliseconds delay, Event event) {
  events_.emplace(std::pair(now_ + delay, ++scheduled_), std::move(event));
}

void MemoryWire::happen(Event event, std::vector<http::Arrival>& arrivals) {
  if (auto* answered = std::get_if<Answered>(&event)) {
    if (awaited_.erase(answered->ticket) > 0)
      arrivals.push_back({answered->ticket, std::move(answered->outcome)});
    return;
  }
  const Asked& asked = std::get<Asked>(event);
  const FakeAnswer answer = ask(asked.request);
  schedule(latency() + answer.delay, Answered{asked.ticket, outcome_of(answer, asked.request)});
}

FakeAnswer MemoryWire::ask(const http::Request& request) {
  const MemoryPeer& peer = settings_.peers.at(static_cast<std::size_t>(request.peer));
  FakeRequest fake;
  fake.method = request.method == http::Method::post ? "POST" : "GET";
  fake.target = peer.context_path + request.target;
  fake.headers = peer.headers;
  if (request.method == http::Method::post) fake.headers["content-type"] = "application/json; charset=utf-8";
  fake.body = request.body;
  return peer.handler(fake);
}

void MemoryWire::move_to(http::Steady time) {
  if (time <= now_) return;
  if (settings_.on_time_passing) settings_.on_time_passing(time - now_);
  now_ = time;
}

std::chrono::milliseconds MemoryWire::latency() {
  const auto spread = static_cast<std::uint64_t>((settings_.slowest - settings_.quickest).count()) + 1;
  return settings_.quickest + std::chrono::milliseconds(static_cast<std::int64_t>(random_() % spread));
}

}  // namespace connector::support
