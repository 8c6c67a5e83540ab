#include "support/http_front.hh"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "core/text/text.hh"
#include "support/loopback.hh"

namespace connector::support {

namespace {

struct ConnectionCounts {
  std::atomic<std::size_t> accepted{0};
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> most{0};

  void begin() {
    ++accepted;
    const std::size_t now_open = ++open;
    std::size_t seen = most;
    while (seen < now_open && !most.compare_exchange_weak(seen, now_open)) {
    }
  }
  void end() {
    --open;
    open.notify_all();
  }
  void wait_until_none() {
    for (std::size_t count = open; count > 0; count = open) open.wait(count);
  }
};

// The server hands every accepted connection to its queue as one task, which ends with the connection.
class CountingQueue : public httplib::TaskQueue {
 public:
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));

  CountingQueue(std::size_t threads, ConnectionCounts& counts) : pool_(threads), counts_(counts) {}

  Enqueued enqueue(std::function<void()> serve) override {
    counts_.begin();
    return pool_.enqueue([this, serve = std::move(serve)] {
      serve();
      counts_.end();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  httplib::ThreadPool pool_;
  ConnectionCounts& counts_;
};

FakeRequest to_fake(const httplib::Request& request) {
  FakeRequest fake{request.method, request.target, {}, request.body};
  for (const auto& [name, value] : request.headers) fake.headers[ascii_lower(name)] = value;
  return fake;
}

// Announces `announced` bytes and ends the connection after those of `sent`.
void set_broken_body(httplib::Response& response, std::string sent, std::size_t announced,
                     const std::string& type) {
  response.set_content_provider(announced, type,
                                [sent = std::move(sent)](std::size_t, std::size_t, auto& sink) {
                                  if (!sent.empty()) sink.write(sent.data(), sent.size());
                                  return false;
                                });
}

void write_answer(const FakeAnswer& answer, httplib::Response& response) {
  response.status = answer.status;
  std::string type = "application/octet-stream";
  for (const auto& [name, value] : answer.headers) {
    if (ascii_lower(name) == "content-type") {
      type = value;
    } else {
      response.set_header(name, value);
    }
  }
  switch (answer.delivered) {
    case Delivered::whole:
      if (!answer.body.empty()) response.set_content(answer.body, type);
      return;
    case Delivered::cut_body:
      set_broken_body(response, answer.body.substr(0, answer.body.size() / 2), answer.body.size(), type);
      return;
    case Delivered::nothing:
      response.status = 200;  // of all statuses one that may have a body
      set_broken_body(response, "", 64, type);
      return;
  }
}

}  // namespace

class HttpFront::Server {
 public:
  Server(Handler handler, std::mutex& models, HttpFrontSettings settings)
      : handler_(std::move(handler)), models_(models), latency_(settings.latency) {
    const auto serve = [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    };
    server_.Get(".*", serve);
    server_.Post(".*", serve);
    server_.Put(".*", serve);
    server_.Delete(".*", serve);
    server_.new_task_queue = [this, settings] { return new CountingQueue(settings.connections, counts_); };
    server_.set_keep_alive_max_count(1'000'000);
    server_.set_tcp_nodelay(true);
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) throw std::runtime_error("no free port on 127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    server_.stop();
    thread_.join();
  }

  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] ConnectionCounts& counts() noexcept { return counts_; }

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    FakeAnswer made;
    {
      const std::lock_guard lock(models_);
      made = handler_(to_fake(request));
    }
    std::this_thread::sleep_for(latency_ + made.delay);
    write_answer(made, response);
  }

  Handler handler_;
  std::mutex& models_;
  std::chrono::milliseconds latency_;
  ConnectionCounts counts_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

HttpFront::HttpFront(Handler handler, std::mutex& models, HttpFrontSettings settings)
    : server_(std::make_unique<Server>(std::move(handler), models, settings)) {}

HttpFront::~HttpFront() = default;

int HttpFront::port() const noexcept {
  return server_->port();
}

std::string HttpFront::url() const {
  return "http://127.0.0.1:" + std::to_string(port());
}

std::size_t HttpFront::connections() const {
  return server_->counts().accepted;
}

std::size_t HttpFront::most_at_once() const {
  return server_->counts().most;
}

void HttpFront::wait_until_idle() {
  pass_through_queue(port());
  server_->counts().wait_until_none();
}

}  // namespace connector::support
