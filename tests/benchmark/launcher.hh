// Starts programs and measures them whole, from a process that stays small: what the kernel calls the most
// memory of a program is never less than that of the process that started it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "benchmark/measure.hh"
#include "support/process.hh"

namespace connector::benchmark {

/// One run of a program, from its start until its end was noticed.
struct Launched {
  int exit_status = -1;  ///< -1 when a signal ended it
  std::chrono::steady_clock::time_point begun;
  Sample sample;  ///< all but the first byte
};

class Launcher {
 public:
  /// To be made before the process has grown and before it has threads. Throws std::system_error.
  Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;
  ~Launcher();

  /// Runs `argv[0]` (a path) with exactly this environment and nothing to read; what it prints goes to the
  /// end of the file `output`. Throws std::runtime_error when it cannot be started.
  Launched run(const std::vector<std::string>& argv, const support::Environment& environment,
               const std::string& output);

 private:
  int socket_ = -1;
  pid_t pid_ = -1;
};

}  // namespace connector::benchmark
