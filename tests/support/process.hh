// A program run as its users run it: argument vector, complete environment, the two streams and the exit
// status.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace connector::support {

using Environment = std::map<std::string, std::string>;

struct ProcessResult {
  int exit_status = -1;  ///< -1 when a signal ended it
  int signal = 0;        ///< that ended it; 0 for none
  bool dumped_core = false;
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// A running program; killed if it still runs when this object goes away.
class Process {
 public:
  /// Starts `argv[0]` (a path) with exactly this environment and with nothing to read on its standard input.
  /// Throws std::system_error.
  Process(const std::vector<std::string>& argv, const Environment& environment);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void send_signal(int signal) const;
  /// Collects what it prints until it ends; at the time limit it is killed. To be called once.
  ProcessResult wait(std::chrono::milliseconds limit);

 private:
  /// One end of a pipe, closed with the object.
  class Descriptor {
   public:
    Descriptor() = default;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }
    void reset(int fd = -1) noexcept;
    [[nodiscard]] int get() const noexcept { return fd_; }

   private:
    int fd_ = -1;
  };

  static void read_some(Descriptor& from, std::string& into);
  bool reap(ProcessResult& result, int options);

  Descriptor out_, err_;
  pid_t pid_ = -1;
  bool reaped_ = false;
};

/// Starts a program and waits for its end.
ProcessResult run_process(const std::vector<std::string>& argv, const Environment& environment,
                          std::chrono::milliseconds limit = std::chrono::seconds{60});

}  // namespace connector::support
