// A whole file as text.
#pragma once

#include <optional>
#include <string>

namespace connector::state {

/// Nothing when there is no such file. Throws Error(io_error) for one that cannot be read or is no regular
/// file.
std::optional<std::string> read_file(const std::string& path);

}  // namespace connector::state
