#include "state/file_system.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "state/descriptor.hh"

namespace connector::state {

int PosixFileSystem::create(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
}

ssize_t PosixFileSystem::write(int fd, const char* bytes, std::size_t size) {
  return ::write(fd, bytes, size);
}

int PosixFileSystem::reserve(int fd, off_t size) {
  const int error = ::posix_fallocate(fd, 0, size);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int PosixFileSystem::truncate(int fd, off_t size) {
  return ::ftruncate(fd, size);
}

int PosixFileSystem::sync(int fd) {
  return ::fsync(fd);
}

int PosixFileSystem::close(int fd) {
  return ::close(fd);
}

int PosixFileSystem::rename(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str());
}

int PosixFileSystem::remove(const std::string& path) {
  return ::unlink(path.c_str());
}

int PosixFileSystem::sync_directory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.valid() ? ::fsync(directory.get()) : -1;
}

}  // namespace connector::state
