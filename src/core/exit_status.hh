// The exit statuses of the program: one table, one place where one of them is chosen.
#pragma once

#include <span>
#include <string_view>

namespace connector {

/// What a scheduler reads of a pass. Additive: a number never changes its meaning (sysexits.h where it has a
/// word).
enum class ExitStatus : int {
  ok = 0,            ///< everything due was done
  incomplete = 1,    ///< something became a dead letter, was parked, or a damaged state was set aside
  usage = 64,        ///< bad option
  data = 65,         ///< state or lock of another identity, or of a newer format
  unavailable = 69,  ///< temp_fail for 30 minutes without a complete pass in between
  software = 70,     ///< a bug
  cant_create = 73,  ///< state, lock or metrics file cannot be created
  io_error = 74,     ///< state, lock or metrics file cannot be written
  temp_fail = 75,    ///< work due now could not be done; the next pass goes on
  protocol = 76,     ///< the peer is not the API, and nothing on that peer worked
  no_permission = 77,
  config = 78,
  interrupted = 130,  ///< SIGINT, state saved
  terminated = 143,   ///< SIGTERM, state saved
};

/// The word of design and man page for a status, such as "tempfail".
std::string_view name_of(ExitStatus status);

/// The status a pass with these causes ends with: the first of 70, 64, 78, 65, 77, 74, 73, 76, 143, 130, 69,
/// 75, 1 that is among them, else ok. A signal explains the work left undone, so it comes before 69 and 75.
ExitStatus choose(std::span<const ExitStatus> causes);

}  // namespace connector
