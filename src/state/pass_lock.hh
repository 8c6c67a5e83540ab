// One pass at a time per state file: flock(2) on a file beside it that is never renamed or deleted.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/exit_status.hh"
#include "core/saved_state.hh"
#include "state/descriptor.hh"

namespace connector::state {

/// Held until destroyed; the kernel releases it when the process dies, however it dies.
class PassLock {
 public:
  PassLock(Descriptor file, std::string path) noexcept : file_(std::move(file)), path_(std::move(path)) {}

  /// Throws Error(temp_fail) when somebody removed the lock file: then the next pass locks another one and
  /// works beside this one, which therefore must not save any more.
  void require_in_place() const;

 private:
  Descriptor file_;
  std::string path_;
};

/// Somebody else holds the lock: what this pass ends with.
struct LockRefusal {
  ExitStatus status = ExitStatus::ok;
  std::string text;    ///< empty when the holder is a young pass of ours, which is nothing to speak of
  std::string holder;  ///< of that: "process 12, at work since ..."
};

struct LockRequest {
  std::string state_path;  ///< as locate() returned it; the lock file is <state_path>.lock
  Identity identity;
  Timestamp now{};  ///< local clock
  /// When this pass hangs, which its record says: after twice its deadline. It is believed of holders that do
  /// not say, too. Nothing: never.
  std::optional<std::chrono::milliseconds> stuck_after;
};

/// Takes the lock or says who has it: a young pass (ok, silent), one that hangs (temp_fail), one of another
/// identity (data). Does not wait for the holder. Throws Error(cant_create, io_error) when there can be no
/// lock file.
std::variant<PassLock, LockRefusal> acquire_lock(const LockRequest& request);

/// The same, but waits for a young pass of ours for as long as `keep_waiting` says so. Once it has waited for
/// a moment, `tell` learns for whom.
std::variant<PassLock, LockRefusal> wait_for_lock(LockRequest request,
                                                  const std::function<bool()>& keep_waiting,
                                                  const std::function<void(const std::string& holder)>& tell);

}  // namespace connector::state
