// A directory of a test's own, removed with everything in it when the test ends.
#pragma once

#include <string>
#include <string_view>

namespace connector::support {

class TempDir {
 public:
  /// Makes a new directory, mode 0700, under $TMPDIR or /tmp. Throws std::system_error.
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path of a file of this name in the directory, whether or not it exists.
  [[nodiscard]] std::string file(std::string_view name) const;

 private:
  std::string path_;
};

/// The whole of a file. Throws std::runtime_error when it cannot be read.
std::string read_file(const std::string& path);
/// Replaces the contents of a file. Throws std::runtime_error when it cannot be written.
void write_file(const std::string& path, std::string_view contents);

}  // namespace connector::support
