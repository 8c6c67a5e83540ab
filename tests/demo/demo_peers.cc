// The demo's peers as a program: both fakes on loopback with a small organization, or with as many builds
// more as its argument says. Prints the settings that lead to them, then obeys words on its standard input
// (table, finish, requests, quit) until that ends. Every answer, the settings included, ends with a line that
// holds only a dot, so that a shell can read it from a coprocess.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/place/clone_url.hh"
#include "demo/demo_organization.hh"
#include "support/peers.hh"

namespace connector::demo {
namespace {

using Row = std::array<std::string, 5>;

Timestamp real_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// The status that Bitbucket shows for the build's pipeline on its commit. It may be another build's: then
// that is named.
std::string shown_status(const support::Peers& peers, const Build& build) {
  const auto clone_url = parse_clone_url(build.pipeline.repository);
  if (!clone_url) return "-";
  const std::size_t number_at = build.web_url.rfind('/') + 1;
  const std::string_view pipeline_url = std::string_view(build.web_url).substr(0, number_at);
  const Repository& repository = clone_url->repository;
  for (const auto& record : peers.bitbucket.shown(repository.project, repository.slug, build.commit)) {
    if (!record.status.url.starts_with(pipeline_url)) continue;
    if (record.status.url == build.web_url) return record.status.state;
    return record.status.state + " (build " + record.status.url.substr(number_at) + ')';
  }
  return "-";
}

std::vector<Row> table_rows(const support::Peers& peers) {
  std::vector<Row> rows = {{"COMMIT", "PIPELINE", "BUILD", "BUILDKITE", "BITBUCKET"}};
  for (const support::ModelBuild* model : peers.organization.listed()) {
    const Build& build = model->build;
    rows.push_back({build.commit.substr(0, 8), build.pipeline.slug, std::to_string(build.number),
                    build.state_word + (build.blocked ? ", blocked" : ""), shown_status(peers, build)});
  }
  return rows;
}

void print_table(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths.at(i) = std::max(widths.at(i), row.at(i).size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row.at(i);
      if (i + 1 < row.size()) line.append(widths.at(i) - row.at(i).size() + 2, ' ');
    }
    std::cout << line << '\n';
  }
}

// Counts since the last call.
void print_requests(support::Peers& peers) {
  const std::size_t listings = peers.buildkite_log.count("GET", "/builds?");
  const std::size_t posts = peers.bitbucket_log.count("POST");
  std::cout << "Buildkite  listings " << listings << "  other " << peers.buildkite_log.size() - listings
            << '\n'
            << "Bitbucket  posts " << posts << "  other " << peers.bitbucket_log.size() - posts << '\n';
  peers.buildkite_log.clear();
  peers.bitbucket_log.clear();
}

// False at the end of the conversation.
bool obey(const std::string& word, support::Peers& peers) {
  if (word == "quit") return false;
  if (word == "table") {
    print_table(table_rows(peers));
  } else if (word == "finish") {
    peers.organization.set_now(real_now());
    let_builds_finish(peers.organization);
  } else if (word == "requests") {
    print_requests(peers);
  } else {
    std::cout << "unknown word; known are table, finish, requests, quit\n";
  }
  return true;
}

/// With `busy_day`, so many builds more, which no quota keeps from being read at once.
void converse(unsigned busy_day) {
  support::BuildkiteSettings buildkite;
  if (busy_day > 0) buildkite.user_limit = buildkite.organization_limit = 1'000'000;
  support::BitbucketSettings bitbucket;
  bitbucket.credentials.password = "demo-password";  // easy to pass through a shell
  support::Peers peers(real_now(), buildkite, bitbucket);
  peers.clock = real_now;
  support::HttpPeers http(peers);
  {
    const std::lock_guard lock(http.models());
    populate(peers, http);
    add_busy_day(peers, http, busy_day);
  }
  for (const auto& [name, value] : http.environment()) std::cout << name << '=' << value << '\n';
  std::cout << '.' << std::endl;
  for (std::string word; std::getline(std::cin, word);) {
    const std::lock_guard lock(http.models());
    if (!obey(word, peers)) return;
    std::cout << '.' << std::endl;
  }
}

}  // namespace
}  // namespace connector::demo

int main(int argc, char** argv) {
  try {
    connector::demo::converse(argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 0);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "demo-peers: " << error.what() << '\n';
    return 1;
  }
}
