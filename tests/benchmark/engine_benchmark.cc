// What the transfer engine costs: 1,000 posts over 8 connections through it and through a bare libcurl loop,
// in turn, against the same server. Fails only when posts are not delivered, never for being slow.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/lean_server.hh"
#include "benchmark/measure.hh"
#include "benchmark/post_loops.hh"
#include "benchmark/table.hh"
#include "http/curl_handles.hh"
#include "support/temp_dir.hh"

namespace connector::benchmark {
namespace {

constexpr std::size_t post_count = 1000;

/// The most that the server counted in a run of one way.
struct Counts {
  std::size_t connections = 0;
  std::size_t requests = 0;
};

class Comparison {
 public:
  Comparison() { support::write_file(ca_file(), authority_.certificate_pem()); }

  std::vector<std::string> row(bool tls, std::chrono::milliseconds latency, std::size_t pair_count) {
    tls_ = tls;
    latency_ = latency;
    by_engine_ = by_bare_loop_ = {};
    run_engine();  // both once in vain, to warm up
    run_bare_loop();
    Pairs pairs;
    for (std::size_t i = 0; i < pair_count; ++i) {
      pairs.first.push_back(run_engine());
      pairs.second.push_back(run_bare_loop());
    }
    const auto both = [](std::size_t engine, std::size_t bare) {
      return std::to_string(engine) + ", " + std::to_string(bare);
    };
    return {std::to_string(latency.count()) + " ms",
            tls ? "TLS" : "plain",
            median_ms(pairs.first, &Sample::wall),
            median_ms(pairs.second, &Sample::wall),
            ratio(pairs, &Sample::wall),
            median_ms(pairs.first, &Sample::cpu),
            median_ms(pairs.second, &Sample::cpu),
            both(by_engine_.connections, by_bare_loop_.connections),
            both(by_engine_.requests, by_bare_loop_.requests)};
  }

 private:
  [[nodiscard]] std::string ca_file() const { return directory_.file("ca.pem"); }

  template <class Post>
  Sample run(Counts& counts, const Post& post) {
    LeanServer server({.latency = latency_, .identity = tls_ ? &identity_ : nullptr});
    const PostTarget target{server.url(), tls_ ? ca_file() : ""};
    std::size_t delivered = 0;
    const Sample sample = measure([&] { delivered = post(target); });
    if (delivered != post_count || server.requests() != post_count) {
      throw std::runtime_error(std::to_string(delivered) + " posts were answered, " +
                               std::to_string(server.requests()) + " arrived, of " +
                               std::to_string(post_count));
    }
    counts.connections = std::max(counts.connections, server.connections());
    counts.requests = std::max(counts.requests, server.requests());
    return sample;
  }

  Sample run_engine() {
    std::vector<http::Request> posts = posts_;
    return run(by_engine_,
               [&](const PostTarget& target) { return post_by_engine(target, std::move(posts)); });
  }
  Sample run_bare_loop() {
    return run(by_bare_loop_, [&](const PostTarget& target) { return post_by_bare_loop(target, posts_); });
  }

  const http::CurlGlobal global_;  // so that neither way pays for it
  const std::vector<http::Request> posts_ = status_posts(post_count);
  const support::TempDir directory_;
  const support::TestAuthority authority_;
  const support::Identity identity_ = authority_.issue();
  bool tls_ = false;
  std::chrono::milliseconds latency_{0};
  Counts by_engine_;
  Counts by_bare_loop_;
};

void compare(std::size_t pair_count) {
  std::vector<std::vector<std::string>> rows = {{"latency", "HTTP", "engine ms", "bare ms",
                                                 "ratio, median (min to max)", "engine CPU ms", "bare CPU ms",
                                                 "connections", "requests"}};
  Comparison comparison;
  for (const int latency : {0, 20}) {
    for (const bool tls : {false, true}) {
      rows.push_back(comparison.row(tls, std::chrono::milliseconds{latency}, pair_count));
    }
  }
  std::cout << post_count << " posts over " << parallel_posts << " connections, " << pair_count
            << " pairs in turn, engine and bare libcurl loop:\n\n";
  print_table(rows);
}

}  // namespace
}  // namespace connector::benchmark

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::size_t pairs = count == 2 ? connector::benchmark::number_in(arguments[1]) : 0;
  if (pairs == 0) {
    std::cerr << "usage: engine-benchmark PAIRS\n";
    return 64;
  }
  try {
    connector::benchmark::compare(pairs);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "engine-benchmark: " << error.what() << '\n';
    return 1;
  }
}
