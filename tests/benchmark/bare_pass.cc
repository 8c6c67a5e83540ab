// The least that could do the work of a pass, as a program of its own: the listings, page after page and side
// by side, then the statuses, by a bare libcurl loop. It reads no JSON and keeps no state: what to ask for
// and what to post it is told by a file, see bare_plan.hh.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "benchmark/bare_loop.hh"
#include "benchmark/bare_plan.hh"
#include "support/temp_dir.hh"

namespace connector::benchmark {
namespace {

bool make_pass(const std::string& plan_file) {
  const std::string text = support::read_file(plan_file);
  const BarePlan plan = read_plan(text);
  const http::CurlGlobal global;
  const http::Multi multi;
  std::vector<std::size_t> read(plan.listings.size());
  std::size_t pages = 0;
  for (const auto& listing : plan.listings) pages += listing.size();
  const std::size_t answered = run_bare_loop(multi, plan.buildkite, plan.listings.size(), 200,
                                             [&](std::size_t lane) -> std::optional<BareRequest> {
                                               const auto& listing = plan.listings[lane];
                                               if (read[lane] == listing.size()) return std::nullopt;
                                               return BareRequest{listing[read[lane]++], {}};
                                             });
  if (answered != pages) return false;
  if (plan.posts.empty()) return true;
  std::size_t begun = 0;
  const std::size_t posted = run_bare_loop(multi, plan.bitbucket, plan.connections, 204,
                                           [&](std::size_t) -> std::optional<BareRequest> {
                                             if (begun == plan.posts.size()) return std::nullopt;
                                             const auto& post = plan.posts[begun++];
                                             return BareRequest{std::string(post.target), post.body};
                                           });
  return posted == plan.posts.size();
}

}  // namespace
}  // namespace connector::benchmark

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: bare-pass PLAN\n";
    return 64;
  }
  try {
    return connector::benchmark::make_pass(arguments[1]) ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::cerr << "bare-pass: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
