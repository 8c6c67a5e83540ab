// Standard output: what was asked for, as opposed to messages.
#pragma once

#include <string_view>

namespace connector::report {

/// Writes all of it, unless nobody listens any more. No line opens a group in Buildkite's log.
void print(std::string_view text);

}  // namespace connector::report
