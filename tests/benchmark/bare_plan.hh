// What bare-pass is to do, as a file: two servers, the targets of each listing in order, the statuses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/bare_loop.hh"

namespace connector::benchmark {

struct BarePlan {
  /// A status: where it is posted, and the JSON.
  struct Post {
    std::string_view target;
    std::string_view body;
  };

  BarePeer buildkite;
  BarePeer bitbucket;
  std::size_t connections = 0;  ///< for the statuses
  std::vector<std::vector<std::string>> listings;
  std::vector<Post> posts;
};

/// The contents of the file for a plan.
std::string to_text(const BarePlan& plan);

/// The plan of such a file. Its posts are looked at in place, so that reading costs next to nothing: `text`
/// must outlive them. Throws std::runtime_error for another text.
BarePlan read_plan(std::string_view text);

}  // namespace connector::benchmark
