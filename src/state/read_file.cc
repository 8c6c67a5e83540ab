#include "state/read_file.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "state/descriptor.hh"
#include "state/trouble.hh"
#include "state/uninterrupted.hh"

namespace connector::state {

std::optional<std::string> read_file(const std::string& path) {
  const Descriptor file(
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); }));
  if (!file.valid() && errno == ENOENT) return std::nullopt;
  if (!file.valid()) throw trouble(ExitStatus::io_error, "open", path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) throw trouble(ExitStatus::io_error, "read", path, errno);
  if (!S_ISREG(facts.st_mode)) throw trouble(ExitStatus::io_error, "read", path, EINVAL);

  std::string text;
  text.reserve(static_cast<std::size_t>(facts.st_size));
  std::array<char, 65536> piece{};
  for (;;) {
    const ssize_t count = uninterrupted([&] { return ::read(file.get(), piece.data(), piece.size()); });
    if (count < 0) throw trouble(ExitStatus::io_error, "read", path, errno);
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace connector::state
