// The new state on its way to disk: a file beside the old one that takes its place only when it is safely
// written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "state/file_system.hh"

namespace connector::state {

/// Removes itself unless it took the target's place.
class TemporaryFile {
 public:
  /// Creates `target`.tmp-<pid>, mode 0600. `target` is absolute. Throws Error(cant_create).
  TemporaryFile(FileSystem& files, const std::string& target);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  /// Makes the disk keep this much room. Throws Error(io_error); a file system that cannot reserve is no
  /// error.
  void reserve(std::size_t bytes);

  /// Writes the text, waits until the disk has it, renames the file over the target and makes that last too.
  /// Throws Error(io_error); the target is then the old file or, if only the last step failed, the new one.
  /// Call it once.
  void replace_target(std::string_view text);

 private:
  void write_all(std::string_view text);
  void close();
  void rename_over_target(std::string_view text);

  FileSystem& files_;
  std::string target_;
  std::string path_;
  int fd_ = -1;
  bool in_place_ = false;
};

/// Whether a file of this name is a temporary of ours for the target of that name in the same directory.
bool is_temporary_name(std::string_view name, std::string_view target_name);

}  // namespace connector::state
