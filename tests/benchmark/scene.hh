// A moment in the life of an organization, recorded: the state that the last pass left, every answer that the
// next pass gets, and what it is to ask and to post. Played again it is the same for everybody who asks.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/saved_state.hh"

namespace connector::benchmark {

/// What a request of a pass is for.
enum class Kind {
  created,   ///< a page of the created listing
  open,      ///< a page of the open builds
  finished,  ///< a page of the builds that finished since
  status,    ///< a post
  other      ///< anything else: capabilities, the token, builds of a commit, ...
};
constexpr std::size_t kind_count = 5;
Kind kind_of(std::string_view request);

/// Requests of a pass, by kind.
using Tally = std::array<std::size_t, kind_count>;

/// "11 created, 1 open, 1 finished, 1000 statuses", and the others where there are any.
std::string in_words(const Tally& tally);

/// "GET /v2/..." of a request's first line.
std::string_view line_of(std::string_view request);

struct Status {
  std::string target;
  std::string body;
};

/// Tells statuses apart whatever their order: the sum of this over all of them.
std::size_t digest_of(std::string_view target, std::string_view body);

/// The default of sync.overlap.
constexpr std::chrono::minutes usual_overlap{15};

struct Scene {
  std::chrono::milliseconds overlap = usual_overlap;  ///< the setting sync.overlap
  SavedState state;
  std::unordered_map<std::string, std::string> answers;  ///< whole, by line_of() the request
  std::vector<std::vector<std::string>> listings;        ///< targets in their order: created, open, finished
  std::vector<Status> statuses;
  std::size_t digest = 0;  ///< of all statuses
  Tally expected{};        ///< what the design allows
};

/// How many pages a listing takes whose pages follow one another by key set: each begins at the second of the
/// oldest build of the one before, so that this second's builds come twice. `times` is newest first.
std::size_t pages_by_key_set(const std::vector<Timestamp>& times);

}  // namespace connector::benchmark
