// Where the state really lives: the path after its symbolic links, checked for what could not be replaced
// later.
#pragma once

#include <string>

namespace connector::state {

/// What to do when the directory of the state file does not exist. Only default places are created: a missing
/// directory that the user named is more likely a disk that is not mounted.
enum class MissingDirectory { create, refuse };

/// Finds the regular file that `path` means, following a symbolic link (also a dangling one) once, so that
/// the file behind it is replaced and not the link. The result is absolute; the file itself need not exist
/// yet. Missing directories are created with mode 0700 if wanted. Throws Error(cant_create) for a directory,
/// a FIFO and the like, for a directory that does not exist, and for a single bind-mounted file, over which
/// no file can be renamed.
std::string locate(const std::string& path, MissingDirectory missing_directory);

}  // namespace connector::state
