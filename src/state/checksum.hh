// The first line of the state file: it vouches for every byte that follows.
#pragma once

#include <string>
#include <string_view>

namespace connector::state {

/// `{"checksum":"fnv1a64:<16 hex digits>",` and a line end, for what follows that line. FNV-1a notices damage
/// (every change of a single byte, truncation), not forgery: whoever may write the file may write anything.
std::string checksum_line(std::string_view rest);

}  // namespace connector::state
