#include "end_to_end/tracing.hh"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace connector::support {
namespace {

// -D: the program stays the child of the test, with the process id of the shell. Its trace goes to a file, as
// its streams are the program's.
ProcessResult run_under_strace(Program& program, const std::string& options) {
  // LeakSanitizer traces the process itself, which only one can.
  program.environment["ASAN_OPTIONS"] = "detect_leaks=0";
  const std::string output = program.directory.file("trace");
  auto result = program.run_in_shell("exec strace -D -f -qqq -o '" + output + "' " + options + " \"$0\"");
  program.environment.erase("ASAN_OPTIONS");
  return result;
}

std::string name_in(const std::string& line) {
  const auto begin = std::find_if(line.begin(), line.end(), [](unsigned char c) { return std::isalpha(c); });
  const auto end = std::find(begin, line.end(), '(');
  return end == line.end() ? std::string() : std::string(begin, end);
}

}  // namespace

std::string why_not_traced() {
  const Environment path = {{"PATH", "/usr/bin:/bin"}};
  const std::string probe = "strace -f -qqq -o /dev/null -e inject=getppid:error=EIO true 2>&1";
  const auto result = run_process({"/bin/sh", "-c", probe}, path);
  return result.exit_status == 0 ? "" : "strace cannot trace here: " + result.out;
}

ProcessResult run_traced(Program& program, const std::vector<std::string>& expressions,
                         const std::string& path) {
  std::string options;
  for (const std::string& expression : expressions) options += " -e '" + expression + "'";
  if (!path.empty()) options += " -P \"" + path + "\"";
  return run_under_strace(program, options);
}

std::vector<std::string> trace_calls(Program& program) {
  run_under_strace(program, "-e trace=%file,%desc,%network");
  std::istringstream trace(read_file(program.directory.file("trace")));
  std::vector<std::string> names;
  for (std::string line; std::getline(trace, line);) {
    const std::string name = name_in(line);
    if (!name.empty() && name != "mmap") names.push_back(name);
  }
  return names;
}

}  // namespace connector::support
