// The words for a system call on the state or the lock that failed: what, where, why, and the way out.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hh"

namespace connector::state {

/// "cannot <doing> <path>: <reason of errno_value>; <what to do>".
Error trouble(ExitStatus status, std::string_view doing, const std::string& path, int errno_value);

/// The path as a shell takes it literally, for commands that messages offer.
std::string shell_quoted(const std::string& path);

}  // namespace connector::state
