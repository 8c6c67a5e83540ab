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
namespace {

constexpr std::size_t longest_text = std::size_t{256} << 20U;

/// An open file that is read from the beginning to the end.
class Reading {
 public:
  /// Throws Error(io_error) for what cannot be read; there may be no such file.
  explicit Reading(const std::string& path)
      : path_(path), file_(uninterrupted([&] {
          return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        })) {
    if (!exists() && errno != ENOENT) throw trouble(ExitStatus::io_error, "open", path, errno);
    if (!exists()) return;
    struct stat facts {};
    if (::fstat(file_.get(), &facts) != 0) throw trouble(ExitStatus::io_error, "read", path, errno);
    if (!S_ISREG(facts.st_mode)) throw trouble(ExitStatus::io_error, "read", path, EINVAL);
    size_ = static_cast<std::size_t>(facts.st_size);
  }

  [[nodiscard]] bool exists() const { return file_.valid(); }
  /// When it was opened.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// What comes next, until the next call; empty at the end. Throws Error(io_error).
  std::string_view next() {
    const ssize_t count = uninterrupted([&] { return ::read(file_.get(), piece_.data(), piece_.size()); });
    if (count < 0) throw trouble(ExitStatus::io_error, "read", path_, errno);
    return {piece_.data(), static_cast<std::size_t>(count)};
  }

 private:
  const std::string& path_;
  Descriptor file_;
  std::size_t size_ = 0;
  std::array<char, 65536> piece_{};
};

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  constexpr std::size_t room = 64;  // for the padding that simdjson wants behind a text
  Reading file(path);
  if (!file.exists()) return std::nullopt;
  if (file.size() > longest_text) return std::string(file.next());
  std::string text;
  text.reserve(file.size() + room);
  for (auto piece = file.next(); !piece.empty(); piece = file.next()) text += piece;
  return text;
}

bool file_holds(const std::string& path, std::string_view text) {
  Reading file(path);
  if (!file.exists()) return false;
  for (auto piece = file.next(); !piece.empty(); piece = file.next()) {
    if (!text.starts_with(piece)) return false;
    text.remove_prefix(piece.size());
  }
  return text.empty();
}

}  // namespace connector::state
