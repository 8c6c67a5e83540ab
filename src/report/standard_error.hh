// Standard error for messages that nobody may ever read.
#pragma once

#include <string_view>

namespace connector::report {

/// A reader that has stopped reading must not hold up the pass, which has the lock: once a message could not
/// be written for some seconds, the rest is dropped. The exit status still tells.
class StandardError {
 public:
  void write(std::string_view text);
  /// For what can be left out: drops the text unless it is taken at once.
  void write_if_ready(std::string_view text);

 private:
  bool stuck_ = false;
};

}  // namespace connector::report
