// The part of a pass that is done at the desk, without any server: builds are taken into the ledger, statuses
// planned and settled, the state written and read. For micro-benchmark, and for callgrind, which counts what
// happens inside of these functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/build/build.hh"
#include "core/saved_state.hh"

namespace connector::benchmark {

/// Made-up builds, newest first, a hundred a page, as the created listing brings them.
using Pages = std::vector<std::vector<Build>>;
Pages made_up_pages(std::size_t builds);

namespace desk {

void take_builds(SavedState& state, const Pages& pages);
/// Positions in the ledger, in the order of delivery.
std::vector<std::size_t> plan_statuses(SavedState& state);
/// As if Bitbucket had taken all of them.
void settle_statuses(SavedState& state, const std::vector<std::size_t>& planned);
std::string write_state(const SavedState& state);
/// Throws std::runtime_error for what write_state() did not write.
SavedState read_state(const std::string& text);

}  // namespace desk
}  // namespace connector::benchmark
