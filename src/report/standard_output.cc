#include "report/standard_output.hh"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "report/group_heads.hh"

namespace connector::report {

void print(std::string_view text) {
  const std::string safe = without_group_heads(text);
  for (std::string_view rest = safe; !rest.empty();) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the exit status still tells
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace connector::report
