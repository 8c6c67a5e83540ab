// The system calls that replace a file, as a seam: tests put a disk in their place that is full, broken or
// loses power.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace connector::state {

/// Each call returns what the system call in its comment returns and leaves the reason of a failure in errno.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  virtual int create(const std::string& path) = 0;  ///< open(2): new, 0600, for writing
  virtual ssize_t write(int fd, const char* bytes, std::size_t size) = 0;  ///< write(2)
  virtual int reserve(int fd, off_t size) = 0;   ///< posix_fallocate(3), but sets errno
  virtual int truncate(int fd, off_t size) = 0;  ///< ftruncate(2)
  virtual int sync(int fd) = 0;                  ///< fsync(2)
  virtual int close(int fd) = 0;                 ///< close(2)
  virtual int rename(const std::string& from, const std::string& to) = 0;  ///< rename(2)
  virtual int remove(const std::string& path) = 0;                         ///< unlink(2)
  virtual int sync_directory(const std::string& path) = 0;                 ///< open(2), fsync(2), close(2)
};

class PosixFileSystem : public FileSystem {
 public:
  int create(const std::string& path) override;
  ssize_t write(int fd, const char* bytes, std::size_t size) override;
  int reserve(int fd, off_t size) override;
  int truncate(int fd, off_t size) override;
  int sync(int fd) override;
  int close(int fd) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove(const std::string& path) override;
  int sync_directory(const std::string& path) override;
};

}  // namespace connector::state
