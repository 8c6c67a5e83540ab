// The one exception of the program: this pass cannot go on, and this is the status it ends with.
#pragma once

#include <stdexcept>
#include <string>

#include "core/exit_status.hh"

namespace connector {

/// Thrown where a pass cannot go on; main prints what(), of one or several lines, and exits with
/// status(). What only
/// concerns one request or one build is never an exception but a value.
class Error : public std::runtime_error {
 public:
  Error(ExitStatus status, const std::string& message) : std::runtime_error(message), status_(status) {}
  [[nodiscard]] ExitStatus status() const noexcept { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace connector
