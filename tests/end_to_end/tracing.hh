// The program under strace, which makes single system calls fail, lie or kill it, exactly and repeatably.
#pragma once

#include <string>
#include <vector>

#include "end_to_end/program.hh"

namespace connector::support {

/// Why strace can do nothing here, for a test to skip with; empty when it can.
std::string why_not_traced();

/// One pass under strace with these options, such as "inject=fsync:error=EIO:when=1"; each stands behind an
/// -e. What counts are the calls of the whole process, those of its start included. With a path, only calls
/// that touch it count; "$$" in it is the process id of the program.
ProcessResult run_traced(Program& program, const std::vector<std::string>& expressions,
                         const std::string& path = "");

/// The names of the system calls on files, descriptors and sockets of one pass, in their order.
std::vector<std::string> trace_calls(Program& program);

}  // namespace connector::support
