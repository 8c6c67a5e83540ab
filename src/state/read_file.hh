// A whole file as text, or compared with one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connector::state {

/// Nothing when there is no such file. Of a file that is larger than any state (256 MiB, a million and a half
/// statuses) only its beginning, whose checksum is wrong. Throws Error(io_error) for one that cannot be read
/// or is no regular file.
std::optional<std::string> read_file(const std::string& path);

/// Whether there is such a file and it holds this text and nothing else. Throws as read_file().
bool file_holds(const std::string& path, std::string_view text);

}  // namespace connector::state
