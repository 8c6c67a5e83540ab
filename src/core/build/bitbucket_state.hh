// The states of a Bitbucket build status and what a server makes of them.
#pragma once

#include <optional>
#include <string_view>

namespace connector {

/// Bitbucket REST: RestBuildStatusSetRequest.state. CANCELLED and UNKNOWN exist since 8.0.
enum class BitbucketState { in_progress, successful, failed, cancelled, unknown };

/// "INPROGRESS", "SUCCESSFUL", "FAILED", "CANCELLED", "UNKNOWN".
std::string_view word_of(BitbucketState state);
std::optional<BitbucketState> parse_bitbucket_state(std::string_view word);

}  // namespace connector
