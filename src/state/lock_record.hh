// What the holder of the pass lock says about itself in the lock file: one JSON line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/saved_state.hh"

namespace connector::state {

struct LockRecord {
  std::uint64_t pid = 0;  ///< of the holder, in its own namespace of process ids
  Timestamp started{};    ///< by the holder's local clock
  Identity identity;
  /// When it hangs, by its own deadline; nothing for a holder of a version that did not say.
  std::optional<std::chrono::milliseconds> stuck_after{};
  bool operator==(const LockRecord&) const = default;
};

std::string encode(const LockRecord& record);
/// Nothing for anything that encode() does not write.
std::optional<LockRecord> decode_lock_record(std::string_view text);

}  // namespace connector::state
