// What --dry-run prints.
#pragma once

#include <string>
#include <vector>

#include "pass/outcome.hh"

namespace connector::pass {

/// A line for each status: the state as the server would be told it, build, commit, repository, reason, and
/// the name and description that people would read. One line says so when there is none.
std::string table_of(const std::vector<ReportedStatus>& planned);

}  // namespace connector::pass
