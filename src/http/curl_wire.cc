#include "http/curl_wire.hh"

#include <algorithm>
#include <utility>

namespace connector::http {
namespace {

/// The longest single sleep, so that a stop that comes without a wake-up is noticed too.
constexpr Steady slice{250};

/// More than are ever open at once, so that none is closed for want of room.
constexpr long kept_connections = 64;

std::size_t index_of(PeerId peer) {
  return static_cast<std::size_t>(peer);
}

std::optional<PreparedPeer> prepared(CurlWireSettings& settings, PeerId peer) {
  PeerSettings& own = settings.peers[index_of(peer)];
  if (own.base_url.empty()) return std::nullopt;
  return prepare_peer(peer, std::move(own));
}

}  // namespace

CurlWire::CurlWire(CurlWireSettings settings) : settings_(std::move(settings)) {
  for (const PeerId peer :
       {PeerId::buildkite, PeerId::bitbucket, PeerId::snitch, PeerId::ping, PeerId::pushgateway}) {
    peers_[index_of(peer)] = prepared(settings_, peer);
  }
  // Later connections to a server resume the TLS session of the first.
  share_.add(CURL_LOCK_DATA_SSL_SESSION);
  multi_.set(CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  multi_.set(CURLMOPT_MAXCONNECTS, kept_connections);
}

CurlWire::~CurlWire() = default;

Steady CurlWire::now() const {
  return std::chrono::duration_cast<Steady>(std::chrono::steady_clock::now().time_since_epoch());
}

void CurlWire::start(Ticket ticket, const Request& request) {
  OwnedTransfer transfer = idle_transfer(request.peer);
  transfer->begin(ticket, request, multi_);
  active_.emplace(ticket, std::move(transfer));
}

std::vector<Arrival> CurlWire::wait(Steady until) {
  std::vector<Arrival> arrivals = collect();
  if (!arrivals.empty()) return arrivals;
  poll(until);
  return collect();
}

void CurlWire::poll(Steady until) {
  const Steady sleep = std::clamp(until - now(), Steady{0}, slice);
  curl_waitfd wake{};
  wake.fd = settings_.wake_descriptor;
  wake.events = CURL_WAIT_POLLIN;
  // A stop stays readable: looked at again it would turn the grace into a busy loop.
  const unsigned watched = settings_.wake_descriptor >= 0 && !woken_ ? 1 : 0;
  check(curl_multi_poll(multi_.get(), &wake, watched, static_cast<int>(sleep.count()), nullptr));
  if (watched == 1 && wake.revents != 0) woken_ = true;
}

std::vector<Arrival> CurlWire::collect() {
  int running = 0;
  check(curl_multi_perform(multi_.get(), &running));
  std::vector<Arrival> arrivals;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Transfer* done = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &done);
    done->detach();
    auto owned = active_.extract(done->ticket());
    arrivals.push_back({done->ticket(), done->outcome(code)});
    keep(std::move(owned.mapped()));
  }
  return arrivals;
}

void CurlWire::abort(Ticket ticket) {
  auto owned = active_.extract(ticket);
  if (owned.empty()) return;
  owned.mapped()->detach();
  keep(std::move(owned.mapped()));
}

CurlWire::OwnedTransfer CurlWire::idle_transfer(PeerId peer) {
  auto& idle = idle_[index_of(peer)];
  if (idle.empty()) {
    return std::make_unique<Transfer>(peers_[index_of(peer)].value(), share_, settings_.user_agent,
                                      settings_.limits);
  }
  OwnedTransfer transfer = std::move(idle.back());
  idle.pop_back();
  return transfer;
}

void CurlWire::keep(OwnedTransfer transfer) {
  idle_[index_of(transfer->peer())].push_back(std::move(transfer));
}

}  // namespace connector::http
