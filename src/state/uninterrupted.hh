// A system call repeated until no signal interrupts it.
#pragma once

#include <cerrno>

namespace connector::state {

/// What the call returns in the end. Not for close(2), which has closed the descriptor even when interrupted.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace connector::state
