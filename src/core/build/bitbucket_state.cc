#include "core/build/bitbucket_state.hh"

#include <array>

namespace connector {
namespace {

constexpr std::array<std::string_view, 5> words = {"INPROGRESS", "SUCCESSFUL", "FAILED", "CANCELLED",
                                                   "UNKNOWN"};

}  // namespace

std::string_view word_of(BitbucketState state) {
  return words.at(static_cast<std::size_t>(state));
}

std::optional<BitbucketState> parse_bitbucket_state(std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.at(i) == word) return static_cast<BitbucketState>(i);
  }
  return std::nullopt;
}

}  // namespace connector
