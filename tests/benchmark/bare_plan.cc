#include "benchmark/bare_plan.hh"

#include <charconv>
#include <stdexcept>

namespace connector::benchmark {
namespace {

/// Numbers and texts, each with a line of its own; a text has its length before it.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  std::size_t number() {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), value);
    if (error != std::errc{}) throw std::runtime_error("not a plan");
    skip(static_cast<std::size_t>(end - left_.data()));
    return value;
  }

  std::string_view text() {
    const std::size_t length = number();
    const std::string_view value = left_.substr(0, length);
    skip(length);
    return value;
  }

 private:
  void skip(std::size_t length) {
    if (length >= left_.size()) throw std::runtime_error("the plan is cut off");
    left_.remove_prefix(length + 1);
  }

  std::string_view left_;
};

void read_peer(Reader& reader, BarePeer& peer) {
  for (std::string* text :
       {&peer.url, &peer.ca_file, &peer.user_agent, &peer.bearer_token, &peer.username, &peer.password}) {
    *text = reader.text();
  }
  for (std::size_t lines = reader.number(); lines > 0; --lines) peer.header_lines.emplace_back(reader.text());
}

void write(std::string& out, std::size_t number) {
  out += std::to_string(number) + '\n';
}

void write(std::string& out, std::string_view text) {
  write(out, text.size());
  out.append(text).append("\n");
}

void write(std::string& out, const BarePeer& peer) {
  for (const std::string& text :
       {peer.url, peer.ca_file, peer.user_agent, peer.bearer_token, peer.username, peer.password}) {
    write(out, text);
  }
  write(out, peer.header_lines.size());
  for (const std::string& line : peer.header_lines) write(out, line);
}

}  // namespace

std::string to_text(const BarePlan& plan) {
  std::string out;
  write(out, plan.buildkite);
  write(out, plan.bitbucket);
  write(out, plan.connections);
  write(out, plan.listings.size());
  for (const auto& listing : plan.listings) {
    write(out, listing.size());
    for (const std::string& target : listing) write(out, target);
  }
  write(out, plan.posts.size());
  for (const BarePlan::Post& post : plan.posts) {
    write(out, post.target);
    write(out, post.body);
  }
  return out;
}

BarePlan read_plan(std::string_view text) {
  Reader reader(text);
  BarePlan plan;
  read_peer(reader, plan.buildkite);
  read_peer(reader, plan.bitbucket);
  plan.connections = reader.number();
  plan.listings.resize(reader.number());
  for (auto& listing : plan.listings) {
    for (std::size_t pages = reader.number(); pages > 0; --pages) listing.emplace_back(reader.text());
  }
  plan.posts.resize(reader.number());
  for (BarePlan::Post& post : plan.posts) {
    post.target = reader.text();
    post.body = reader.text();
  }
  return plan;
}

}  // namespace connector::benchmark
