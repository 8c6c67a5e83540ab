#include "state/location.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include "core/text/text.hh"
#include "state/trouble.hh"

namespace connector::state {
namespace {

struct Split {
  std::string directory;
  std::string name;
};

Split split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype([](char* text) { std::free(text); })> resolved(
      ::realpath(path.c_str(), nullptr));
  if (!resolved) return std::nullopt;
  return std::string(resolved.get());
}

void create_directories(const std::string& directory) {
  for (auto end = directory.find('/', 1);; end = directory.find('/', end + 1)) {
    const std::string part = directory.substr(0, end);
    if (::mkdir(part.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      throw trouble(ExitStatus::cant_create, "create the directory", part, errno);
    }
    if (end == std::string::npos) return;
  }
}

// The directory in its real place plus the name, which may not exist yet.
std::string with_real_directory(const std::string& path) {
  const auto [directory, name] = split(path);
  const auto resolved = real_path(directory);
  if (!resolved) throw trouble(ExitStatus::cant_create, "create the state file", path, errno);
  return *resolved + (*resolved == "/" ? "" : "/") + name;
}

std::string target_of_dangling_link(const std::string& link) {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t size = ::readlink(link.c_str(), buffer.data(), buffer.size());
  if (size < 0) throw trouble(ExitStatus::cant_create, "follow the link", link, errno);
  const std::string target(buffer.data(), static_cast<std::size_t>(size));
  return with_real_directory(target.starts_with('/') ? target : split(link).directory + "/" + target);
}

// rename(2) fails with EBUSY on the root of a mount, and st_dev does not tell: source and target of a bind
// mount are on one device.
bool is_mount_root(const std::string& path) {
  struct statx facts {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &facts) != 0) return false;
  return (facts.stx_attributes_mask & facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ExitStatus::cant_create, "the state cannot be kept in " + printable(path) + ": " + why);
}

}  // namespace

std::string locate(const std::string& path, MissingDirectory missing_directory) {
  const auto [directory, name] = split(path);
  if (name.empty()) refuse(path, "that is a directory; name a file in it");
  struct stat facts {};
  if (missing_directory == MissingDirectory::create && ::stat(directory.c_str(), &facts) != 0 &&
      errno == ENOENT) {
    create_directories(directory);
  }
  std::string target = with_real_directory(path);
  if (::lstat(target.c_str(), &facts) != 0) {
    if (errno == ENOENT) return target;
    throw trouble(ExitStatus::cant_create, "look at the state file", target, errno);
  }
  if (S_ISLNK(facts.st_mode)) {
    const auto resolved = real_path(target);
    target = resolved ? *resolved : target_of_dangling_link(target);
    if (::lstat(target.c_str(), &facts) != 0 && errno == ENOENT) return target;
  }
  if (S_ISDIR(facts.st_mode)) refuse(target, "it is a directory; name a file in it");
  if (!S_ISREG(facts.st_mode)) refuse(target, "it is not a regular file");
  if (is_mount_root(target)) {
    refuse(target,
           "it is mounted as a single file, which cannot be replaced; mount the directory it is in instead");
  }
  return target;
}

}  // namespace connector::state
