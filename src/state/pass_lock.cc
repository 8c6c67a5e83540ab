#include "state/pass_lock.hh"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "core/text/duration.hh"
#include "core/text/text.hh"
#include "state/identity.hh"
#include "state/lock_record.hh"
#include "state/trouble.hh"
#include "state/uninterrupted.hh"

namespace connector::state {
namespace {

constexpr std::size_t longest_record = 4096;

Descriptor open_lock_file(const std::string& path) {
  const int fd = uninterrupted([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, S_IRUSR | S_IWUSR);
  });
  if (fd < 0) throw trouble(ExitStatus::cant_create, "create the lock file", path, errno);
  Descriptor file(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) throw trouble(ExitStatus::io_error, "look at the lock file", path, errno);
  if (!S_ISREG(facts.st_mode)) {
    throw Error(ExitStatus::cant_create,
                "the lock file " + printable(path) + " is not a regular file; remove it");
  }
  return file;
}

bool try_to_lock(const Descriptor& file, const std::string& path) {
  const int result = uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); });
  if (result == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw trouble(ExitStatus::io_error, "lock", path, errno);
}

// Somebody may have deleted the file between open and flock; the next pass would lock another one of the same
// name.
bool is_still_at(const Descriptor& file, const std::string& path) {
  struct stat ours {};
  struct stat there {};
  return ::fstat(file.get(), &ours) == 0 && ::lstat(path.c_str(), &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

void write_record(const Descriptor& file, const std::string& path, const LockRecord& record) {
  const std::string text = encode(record);
  std::size_t done = 0;
  if (uninterrupted([&] { return ::ftruncate(file.get(), 0); }) != 0)
    throw trouble(ExitStatus::io_error, "write the lock file", path, errno);
  while (done < text.size()) {
    const ssize_t count = uninterrupted([&] {
      return ::pwrite(file.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    });
    if (count <= 0)
      throw trouble(ExitStatus::io_error, "write the lock file", path, count < 0 ? errno : ENOSPC);
    done += static_cast<std::size_t>(count);
  }
}

std::optional<LockRecord> read_record(const Descriptor& file) {
  std::array<char, longest_record> text{};
  const ssize_t count = uninterrupted([&] { return ::pread(file.get(), text.data(), text.size(), 0); });
  if (count <= 0) return std::nullopt;
  return decode_lock_record({text.data(), static_cast<std::size_t>(count)});
}

LockRefusal judge(const LockRecord& holder, const LockRequest& request) {
  const std::string process = "process " + std::to_string(holder.pid);
  if (holder.identity != request.identity) {
    return {ExitStatus::data,
            "the state file " + printable(request.state_path) + " is in use by " + process + " for " +
                in_words(holder.identity) + "; give each connector a file of its own with --state",
            {}};
  }
  const auto age = request.now - holder.started;
  const auto stuck_after = holder.stuck_after ? holder.stuck_after : request.stuck_after;
  if (!stuck_after || age <= *stuck_after)
    return {ExitStatus::ok, {}, process + ", at work since " + format_seconds(holder.started)};
  return {ExitStatus::temp_fail,
          "another pass, " + process + ", has held the lock of " + printable(request.state_path) + " for " +
              duration_in_words(age) +
              ", longer than a pass can take; look what it waits for, or end it: kill " +
              std::to_string(holder.pid),
          {}};
}

}  // namespace

void PassLock::require_in_place() const {
  if (is_still_at(file_, path_)) return;
  throw Error(ExitStatus::temp_fail, "the lock file " + printable(path_) +
                                         " was removed while this pass held it, so another pass may be at "
                                         "work; this one ends here. Leave the lock file in place");
}

std::variant<PassLock, LockRefusal> acquire_lock(const LockRequest& request) {
  const std::string path = request.state_path + ".lock";
  constexpr int patience = 20;
  constexpr std::chrono::milliseconds pause{5};
  std::optional<LockRefusal> refusal;
  for (int attempt = 0; attempt < patience; ++attempt) {
    Descriptor file = open_lock_file(path);
    if (try_to_lock(file, path)) {
      if (!is_still_at(file, path)) continue;
      write_record(
          file, path,
          {static_cast<std::uint64_t>(::getpid()), request.now, request.identity, request.stuck_after});
      return PassLock(std::move(file), path);
    }
    // A holder that has just taken the lock may not have written its record yet: what stands there is then
    // that of a pass before it. A young pass of ours is believed at once, anything worse only if it stays.
    const auto holder = read_record(file);
    refusal = holder ? judge(*holder, request) : LockRefusal{};
    if (holder && refusal->status == ExitStatus::ok) break;
    std::this_thread::sleep_for(pause);
  }
  if (!refusal) {
    throw Error(ExitStatus::io_error,
                "the lock file " + printable(path) + " is removed again and again; leave it in place");
  }
  return *refusal;
}

std::variant<PassLock, LockRefusal> wait_for_lock(
    LockRequest request, const std::function<bool()>& keep_waiting,
    const std::function<void(const std::string& holder)>& tell) {
  constexpr std::chrono::milliseconds pause{200};
  constexpr std::chrono::milliseconds a_moment{400};  // an idle pass is over by then
  for (std::chrono::milliseconds waited{0};; waited += pause, request.now += pause) {
    auto lock = acquire_lock(request);
    const auto* refusal = std::get_if<LockRefusal>(&lock);
    if (refusal == nullptr || refusal->status != ExitStatus::ok || !keep_waiting()) return lock;
    if (waited == a_moment) tell(refusal->holder);
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace connector::state
