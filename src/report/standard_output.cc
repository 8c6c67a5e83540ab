#include "report/standard_output.hh"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "report/group_heads.hh"

namespace connector::report {
namespace {

int first_failure = 0;  // of the process, as standard output is

}  // namespace

void print(std::string_view text) {
  const std::string safe = without_group_heads(text);
  for (std::string_view rest = safe; !rest.empty();) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno != EPIPE && first_failure == 0) first_failure = errno;
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

int print_failure() {
  return first_failure;
}

}  // namespace connector::report
