#include "config/small_file.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace connector::config {
namespace {

constexpr std::size_t size_limit = std::size_t{1} << 20U;

using Stream =
    std::unique_ptr<std::FILE, decltype([](std::FILE* file) { static_cast<void>(std::fclose(file)); })>;

ReadFailure last_failure() {
  const int error = errno;
  return {error == ENOENT || error == ENOTDIR, std::generic_category().message(error)};
}

}  // namespace

std::variant<SmallFile, ReadFailure> read_small_file(const std::string& path) {
  if (path.find('\0') != std::string::npos) return ReadFailure{false, "the name contains a NUL byte"};
  const Stream stream(std::fopen(path.c_str(), "re"));
  if (!stream) return last_failure();
  struct stat status {};
  if (fstat(fileno(stream.get()), &status) != 0) return last_failure();
  if (S_ISDIR(status.st_mode)) return ReadFailure{false, "is a directory"};

  SmallFile file;
  std::array<char, 4096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), stream.get())) {
    file.text.append(part.data(), got);
    if (file.text.size() > size_limit) return ReadFailure{false, "is larger than 1 MiB"};
  }
  if (std::ferror(stream.get()) != 0) return last_failure();
  file.others_can_read = (status.st_mode & S_IROTH) != 0;
  file.others_can_write = S_ISREG(status.st_mode) && (status.st_mode & S_IWOTH) != 0;
  file.foreign = status.st_uid != 0 && status.st_uid != geteuid();
  return file;
}

}  // namespace connector::config
