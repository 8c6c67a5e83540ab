#include "state/temporary_file.hh"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "state/read_file.hh"
#include "state/trouble.hh"
#include "state/uninterrupted.hh"

namespace connector::state {
namespace {

constexpr std::string_view infix = ".tmp-";

std::string directory_of(const std::string& path) {
  return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
}

}  // namespace

TemporaryFile::TemporaryFile(FileSystem& files, const std::string& target)
    : files_(files), target_(target), path_(target + std::string(infix) + std::to_string(::getpid())) {
  fd_ = uninterrupted([&] { return files_.create(path_); });
  if (fd_ < 0) throw trouble(ExitStatus::cant_create, "create", path_, errno);
}

TemporaryFile::~TemporaryFile() {
  // Whoever gave up on this file has said why; should its removal fail too, the next pass removes it.
  if (fd_ >= 0) files_.close(fd_);
  if (!in_place_) files_.remove(path_);
}

void TemporaryFile::reserve(std::size_t bytes) {
  const int result = uninterrupted([&] { return files_.reserve(fd_, static_cast<off_t>(bytes)); });
  const bool unsupported = result != 0 && (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS);
  if (result != 0 && !unsupported) throw trouble(ExitStatus::io_error, "reserve space for", path_, errno);
}

void TemporaryFile::replace_target(std::string_view text) {
  const auto size = static_cast<off_t>(text.size());
  write_all(text);
  const int truncated = uninterrupted([&] { return files_.truncate(fd_, size); });
  if (truncated != 0) throw trouble(ExitStatus::io_error, "write", path_, errno);
  // A failed fsync is final: the kernel may have dropped the data already, and a second fsync would lie.
  const int synced = uninterrupted([&] { return files_.sync(fd_); });
  if (synced != 0) throw trouble(ExitStatus::io_error, "write", path_, errno);
  close();
  // The old state goes away with the rename, so what disks and file systems claim is looked at first.
  if (!file_holds(path_, text)) throw trouble(ExitStatus::io_error, "write all of", path_, EIO);
  rename_over_target(text);
  // Some file systems have no fsync of directories; the rename itself succeeded.
  const int kept = uninterrupted([&] { return files_.sync_directory(directory_of(target_)); });
  if (kept != 0 && errno != EINVAL) {
    throw trouble(ExitStatus::io_error, "make the disk keep", target_, errno);
  }
}

void TemporaryFile::write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = uninterrupted([&] { return files_.write(fd_, text.data(), text.size()); });
    if (count < 0) throw trouble(ExitStatus::io_error, "write", path_, errno);
    if (count == 0) throw trouble(ExitStatus::io_error, "write", path_, ENOSPC);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void TemporaryFile::close() {
  const int fd = fd_;
  fd_ = -1;  // Linux closes it even when close(2) reports an error
  if (files_.close(fd) != 0 && errno != EINTR) throw trouble(ExitStatus::io_error, "write", path_, errno);
}

void TemporaryFile::rename_over_target(std::string_view text) {
  if (files_.rename(path_, target_) != 0) {
    const int reason = errno;
    // NFS may report a failure after the server did it (rename(2), BUGS).
    if (!file_holds(target_, text)) throw trouble(ExitStatus::io_error, "replace", target_, reason);
  }
  in_place_ = true;
}

bool is_temporary_name(std::string_view name, std::string_view target_name) {
  if (!name.starts_with(target_name)) return false;
  name.remove_prefix(target_name.size());
  if (!name.starts_with(infix)) return false;
  name.remove_prefix(infix.size());
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace connector::state
