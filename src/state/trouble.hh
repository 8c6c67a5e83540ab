// The words for a system call on the state or the lock that failed: what, where, why, and the way out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hh"

namespace connector::state {

/// "cannot <doing> <path>: <reason of errno_value>; <what to do>".
Error trouble(ExitStatus status, std::string_view doing, const std::string& path, int errno_value);

/// The words as a command line for a shell, quoted where they need it, for commands that messages offer.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace connector::state
