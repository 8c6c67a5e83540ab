// A pass caught in the middle of its work, without any race.
#pragma once

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <mutex>

#include "end_to_end/crash_world.hh"

namespace connector::support {

/// Stopped (SIGSTOP) while it waits for the answer to its first request of one peer; so it holds the lock.
class StoppedPass {
 public:
  StoppedPass(CrashWorld& world, Faults& peer) {
    std::promise<void> asked;
    std::promise<void> stopped;
    auto is_stopped = stopped.get_future();
    {
      const std::lock_guard lock(world.program.http.models());
      peer.next([&](const FakeRequest& request, const Handler& answers) {
        asked.set_value();
        is_stopped.wait();
        return answers(request);
      });
    }
    process_ = world.program.start();
    asked.get_future().wait();
    process_->send_signal(SIGSTOP);
    stopped.set_value();
    // The peer has left the fault behind when it lets somebody else at the models.
    const std::lock_guard lock(world.program.http.models());
  }

  [[nodiscard]] Process& process() { return *process_; }

  [[nodiscard]] ProcessResult go_on() {
    process_->send_signal(SIGCONT);
    return process_->wait(std::chrono::seconds{30});
  }

 private:
  std::unique_ptr<Process> process_;
};

}  // namespace connector::support
