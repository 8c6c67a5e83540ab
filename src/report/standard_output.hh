// Standard output: what was asked for, as opposed to messages.
#pragma once

#include <string_view>

namespace connector::report {

/// Writes all of it, unless nobody listens any more. No line opens a group in Buildkite's log.
void print(std::string_view text);

/// Why something that was printed did not get there (errno), such as a full disk; 0 when all did, or when
/// nobody listens any more, which is their choice.
int print_failure();

}  // namespace connector::report
