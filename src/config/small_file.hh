// Reading a whole small file: configuration and secrets.
#pragma once

#include <string>
#include <variant>

namespace connector::config {

struct SmallFile {
  std::string text;
  bool others_can_read = false;
  bool others_can_write = false;
  bool foreign = false;  ///< owned neither by root nor by the user who runs this
};

/// Why a file could not be read.
struct ReadFailure {
  bool missing = false;  ///< there is no such file
  std::string reason;    ///< "No such file or directory", "is a directory", ...
};

/// Reads a file of at most 1 MiB. Permissions are those of the opened file, so that they cannot change in
/// between.
std::variant<SmallFile, ReadFailure> read_small_file(const std::string& path);

}  // namespace connector::config
