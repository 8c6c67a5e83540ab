#include "benchmark/bare_loop.hh"

#include <deque>

namespace connector::benchmark {
namespace {

class BareLoop {
 public:
  BareLoop(const http::Multi& multi, const BarePeer& peer, std::size_t lanes, const NextRequest& next)
      : multi_(multi), peer_(peer), next_(next) {
    for (const std::string& line : peer.header_lines) headers_.append(line);
    for (std::size_t number = 0; number < lanes; ++number) prepare(lanes_.emplace_back(), number);
  }

  std::size_t run(long status) {
    for (Lane& lane : lanes_) begin_next(lane);
    for (int running = 1; running > 0;) {
      http::check(curl_multi_perform(multi_.get(), &running));
      // A handle that was added wants to be performed before anything is waited for.
      if (take_answers(status)) {
        running = 1;
      } else if (running > 0) {
        http::check(curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr));
      }
    }
    return answered_;
  }

 private:
  struct Lane {
    std::size_t number = 0;
    http::Easy easy;
    std::optional<http::Attachment> attachment;  // after easy, so that it goes first
  };

  static std::size_t drop(char* /*data*/, std::size_t size, std::size_t count, void* /*self*/) noexcept {
    return size * count;
  }

  void prepare(Lane& lane, std::size_t number) const {
    lane.number = number;
    lane.easy.set(CURLOPT_PRIVATE, &lane);
    lane.easy.set(CURLOPT_WRITEFUNCTION, &BareLoop::drop);
    lane.easy.set(CURLOPT_USERAGENT, peer_.user_agent);
    lane.easy.set(CURLOPT_ACCEPT_ENCODING, "");
    lane.easy.set(CURLOPT_PROXY, "");
    lane.easy.set(CURLOPT_HTTPHEADER, headers_.get());
    lane.easy.set(CURLOPT_NOSIGNAL, 1L);
    if (!peer_.ca_file.empty()) lane.easy.set(CURLOPT_CAINFO, peer_.ca_file);
    if (!peer_.bearer_token.empty()) {
      lane.easy.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
      lane.easy.set(CURLOPT_XOAUTH2_BEARER, peer_.bearer_token);
    } else {
      lane.easy.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
      lane.easy.set(CURLOPT_USERNAME, peer_.username);
      lane.easy.set(CURLOPT_PASSWORD, peer_.password);
    }
  }

  bool begin_next(Lane& lane) {
    lane.attachment.reset();
    const auto request = next_(lane.number);
    if (!request) return false;
    lane.easy.set(CURLOPT_URL, peer_.url + request->target);
    if (!request->body.empty()) {
      lane.easy.set(CURLOPT_POSTFIELDS, request->body.data());
      lane.easy.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request->body.size()));
    }
    lane.attachment.emplace(multi_, lane.easy);
    return true;
  }

  /// Whether a further request was begun.
  bool take_answers(long status) {
    bool begun = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      Lane* lane = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &lane);
      const bool came = message->data.result == CURLE_OK;
      if (came && lane->easy.number(CURLINFO_RESPONSE_CODE) == status) ++answered_;
      begun = begin_next(*lane) || begun;
    }
    return begun;
  }

  const http::Multi& multi_;
  const BarePeer& peer_;
  const NextRequest& next_;
  http::Slist headers_;
  std::deque<Lane> lanes_;  // libcurl points to them
  std::size_t answered_ = 0;
};

}  // namespace

std::size_t run_bare_loop(const http::Multi& multi, const BarePeer& peer, std::size_t lanes, long status,
                          const NextRequest& next) {
  return BareLoop(multi, peer, lanes, next).run(status);
}

}  // namespace connector::benchmark
